import click

from tearsheet.terminal import harmless


def test_a_page_cannot_steer_the_terminal() -> None:
    assert harmless("a\x1b]0;title\x07b\x1b[2Jc\x9b2Jd\r") == "a�]0;title�b�[2Jc�2Jd�"


def test_words_lines_and_our_own_colours_stay() -> None:
    text = click.style("Ωμέγα", bold=True, fg="red") + "\n\tمرحبا 👋🏽\n"
    assert harmless(text) == text
