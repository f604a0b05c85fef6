/** The address of an SVG file that the server sent as text. A picture runs no script. */
export const asImage = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;
