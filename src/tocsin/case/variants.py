"""Named sets of inputs of a case: its `variants`, and the inputs that its arguments set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tocsin.case.schema import JoinedCase
from tocsin.case.setting import full_name
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message


def variants_of(case: JoinedCase) -> dict[str, Mapping[str, str]]:
    """Return what each variant sets, by name: the `variants` of a case, then its arguments that set inputs."""
    named: dict[str, Mapping[str, str]] = {key: variant.set for key, variant in case.variants.items()}
    return named | {key: argument.sets for key, argument in case.arguments.items() if argument.sets}


def with_variants(case: JoinedCase, names: Iterable[str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a run with variants; what the run sets itself takes the place of what they set.

    Args:
        case: the case.
        names: of variants, see `variants_of`.
        settings: what the run sets itself: name -> text.

    Raises:
        InputError: for an unknown name, or two variants that set one input to different values that the run does not set itself.
    """
    own = {full_name(case, name) for name in settings}
    chosen: dict[str, str] = {}
    setter: dict[str, str] = {}
    for variant in names:
        for written, text in _settings(case, variant).items():
            name = full_name(case, written)
            if name in own:
                continue
            if chosen.setdefault(name, text) != text:
                wrong = message(
                    "variants `{one}` and `{other}` set {name} to {value} and to {text}",
                    one=setter[name],
                    other=variant,
                    name=name,
                    value=chosen[name],
                    text=text,
                )
                raise InputError(wrong, remedy=message("use one of them, or decide with --set {name}=VALUE", name=name))
            setter.setdefault(name, variant)
    return chosen | dict(settings)


def _settings(case: JoinedCase, name: str) -> Mapping[str, str]:
    known = variants_of(case)
    if name in known:
        return known[name]
    if name in case.arguments:
        raise InputError(
            message("argument `{name}` sets no inputs", name=name),
            remedy=message("give it `sets` in the case, or name a variant"),
        )
    if not known:
        raise InputError(
            message("unknown variant `{name}`: the case has none", name=name),
            remedy=message("add `variants` to the case"),
        )
    parts = [part.strip() for part in name.split(",")]
    if len(parts) > 1 and set(parts) <= set(known):
        again = " ".join(f"--variant {part}" for part in parts)
        raise InputError(
            message("`{name}` names {count} variants", name=name, count=len(parts)),
            remedy=message("give each its own option: {options}", options=again),
        )
    raise InputError(message("unknown variant `{name}`", name=name), remedy=did_you_mean(name, known))
