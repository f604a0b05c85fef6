"""What state media say: coded by the codebook, and how well two codings agree."""
