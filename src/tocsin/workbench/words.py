"""The words of the screens. The pages take them by their English text."""

from __future__ import annotations

from string import Formatter

from tocsin.translation import Translator, message, template

WORDS = (
    template("Verdicts"),
    template("Argument"),
    template("Facts"),
    template("Beliefs"),
    template("YAML"),
    template("Screens"),
    template("Skip to the screen"),
    template("Undo"),
    template("Redo"),
    template("Saving …"),
    template("Saved"),
    template("The workbench has ended."),
    template("Run tocsin open again. Your saved edits are in the file."),
    template(
        "This case comes with the program and cannot be changed. To change it, copy its folder and open the copy."
    ),
    template("{count} items still have the template's text. What comes out of them is an example."),
    template("The case changed in another window"),
    template("Your last edit is not saved. The screen shows the other text now."),
    template("Make my edit on the other text"),
    template("Drop my edit"),
    template("Show the other text"),
    template("Problems"),
    template("No problems."),
    template("{errors} errors, {notices} notices"),
    template("Error"),
    template("Notice"),
    template("Find"),
    template("{found} of {all} facts"),
    template("{found} of {all} beliefs"),
    template("The case has errors. Mend them first: they are listed below."),
    template("The case is being read …"),
    template("Show more"),
    template("Key"),
    template("Value"),
    template("Unit"),
    template("Date"),
    template("Source"),
    template("Confidence"),
    template("Note"),
    template("5 % of worlds lie below {low}, half below {middle}, 95 % below {high} ({unit})."),
    template("Distribution"),
    template("Judged by"),
    template("Reason"),
    template("Claim"),
    template("It holds if"),
    template("Nothing tests it yet."),
    template("Text of the case file"),
    template("The editor is loading …"),
    template("This case has not been run yet."),
    template("The verdicts are being read …"),
    template("Running: {stage}"),
    template("Stop"),
    template("Run the case"),
    template("The case has changed since this run."),
    template("Run {run} of {day}, {draws} draws, seed {seed}"),
    template("Claims"),
    template("How far to trust this run"),
    template("What would turn it"),
    template("Where it fails"),
    template("What moves it"),
    template("Claim in focus"),
    template("Choose a claim"),
    template("The games of this claim are being solved …"),
    template("No belief moves this claim by a game."),
    template("stands at {share} %"),
    template("about {share} % (± {error}, {worlds} worlds)"),
    template("too few worlds for a guess"),
    template("solved again: {share} % (± {error})"),
    template("Solving again …"),
    template("Put all beliefs back"),
    template("5 % point"),
    template("95 % point"),
    template("Save {written} in the case"),
)
"""Templates; a name in braces stands for a value that the page fills in."""


def words(language: str) -> dict[str, str]:
    """Return the words of the screens in a language by their English text; names in braces stay."""
    translator = Translator(language=language)
    return {english: translator.plain(message(english, **_names(english))) for english in WORDS}


def _names(text: str) -> dict[str, str]:
    return {name: f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name}
