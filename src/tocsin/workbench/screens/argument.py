"""The screen of the argument: an article's sentences, the claims made of them, their tests, and what each still needs."""

from __future__ import annotations

from pydantic import Field, model_validator
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.access import MAX_BODY
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, get_route, post_route


class Brought(Body):
    """An article that the reader brings: a file in base64, or a text that was pasted."""

    name: str = Field(default="", max_length=300)
    file: str = Field(default="", max_length=MAX_BODY)
    text: str = Field(default="", max_length=MAX_BODY)

    @model_validator(mode="after")
    def _is_one(self) -> Brought:
        if bool(self.file or self.name) == bool(self.text):
            raise ValueError("give either a file or a text")
        return self


class Sentence(Body):
    """A sentence to look up in the data sets."""

    says: str = Field(min_length=1, max_length=1_000)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for articles, claims and tests. None of them changes the case: edits do."""
    desk = opened.desk

    # imported where they are used, so that the page appears before the case is read

    def argument() -> View:
        from tocsin.workbench.screens.argument_views import argument_view

        return argument_view(desk, opened.language)

    def article(brought: Brought) -> View:
        from tocsin.workbench.screens.article_views import article_view

        return article_view(desk, brought.name, brought.file, brought.text, opened.translator)

    def measured(sentence: Sentence) -> View:
        from tocsin.workbench.screens.article_views import measured_test

        return measured_test(desk, sentence.says)

    return [
        get_route("/api/argument", argument),
        post_route("/api/article", Brought, article),
        post_route("/api/measured", Sentence, measured),
    ]


WORDS = (
    template("Argument"),
    template("About the case"),
    template("Day of the case"),
    template("Title of the article"),
    template("Outlet"),
    template("Address"),
    template("Read on"),
    template("Questions"),
    template("Main claim"),
    template("Related claims"),
    template("New question"),
    template("Add the question"),
    template("Sources"),
    template("Mechanism"),
    template("No sentence of the article has the number {number}: there are {count}."),
    template("The file is larger than 3.5 MB."),
    template("Bring an article"),
    template("Text of the article"),
    template("or a file: text, Markdown, HTML, Word (.docx) or PDF"),
    template(
        "The article stays in this window until you close it. The case stores a hash and at most twelve words of each sentence. The rules read English; Korean and Japanese are split into sentences."
    ),
    template("Read the article"),
    template("The article is being read …"),
    template("{count} sentence, of which {proposed} may be a claim. It is not in the case yet."),
    template("{count} sentences, {proposed} of them may be claims. They are not in the case yet."),
    template(
        "The case has {count} sentence already. It would be replaced; claims keep the numbers of their sentences."
    ),
    template(
        "The case has {count} sentences already. They would be replaced; claims keep the numbers of their sentences."
    ),
    template("Replace the sentences of the case"),
    template("Put the sentences in the case"),
    template("Leave the case as it is"),
    template("The case has no sentences of an article."),
    template("The case has the first words of each sentence. Bring the article again to read it whole."),
    template("The article is not read, as it is not in English: choose the sentences that are claims."),
    template("Not read: it is not English."),
    template("Can be checked ({share} %): {kind}"),
    template("Hard to check ({share} %)"),
    template("Make a claim of sentence {number}"),
    template("Make a claim"),
    template("Add an empty claim"),
    template("Sentence"),
    template("By when"),
    template("Part {part}"),
    template("Remove part {part}"),
    template("Remove the part"),
    template("Add a part to claim {claim}"),
    template("Divide into two parts"),
    template("Add a part"),
    template("Remove claim {claim}"),
    template("Remove the claim"),
    template("It holds if"),
    template("Its chance is"),
    template("It has no test. {why}"),
    template("A test would need: {needs}"),
    template("What it still needs"),
    template("Go to the facts"),
    template("Go to the beliefs"),
    template("Remove claim {claim}?"),
    template("It goes from {names}."),
    template("What is about it alone goes too: {names}."),
    template("Nothing else names it."),
    template("Compare facts"),
    template("Look it up in the data sets"),
    template("Ask the game"),
    template("Say why there is no test"),
    template("Choose a test: {claim}"),
    template("Choose a test"),
    template("Way of testing"),
    template("Sentence to look up, in English"),
    template("Look it up"),
    template("The data decide it. The facts {facts} come into the case with it."),
    template("What a test would need"),
    template("Why there is none"),
    template("Save the reason"),
    template("Use this test"),
    template("is more than"),
    template("is at least"),
    template("is less than"),
    template("is at most"),
    template("equals"),
    template("is about"),
    template("a value"),
    template("another fact"),
    template("growth since another fact"),
    template("The case has no facts yet. Add them on the screen of facts."),
    template("It holds if the fact"),
    template("is true"),
    template("is false"),
    template("compared with"),
    template("Other fact"),
    template("Choose a fact"),
    template("Value with its unit"),
    template("Times, if not once"),
    template("Growth in %"),
    template("Regime"),
    template("Instrument"),
    template("Rung"),
    template("Way"),
    template("is the chance that it comes true"),
    template("is the chance that it does not come true"),
    template("The case has no game. Say on the screen of actors who wants what from whom."),
    template("Quantity"),
    template("Happens in both worlds that are compared"),
    template("It holds if the quantity"),
    template("Size"),
    template("Try half and twice this size too"),
    template("The threshold is {central} {unit}; tried: {sizes}"),
    template("The threshold is {central}; tried: {sizes}"),
)
SCREEN = Screen(WORDS, routes, key="argument")
