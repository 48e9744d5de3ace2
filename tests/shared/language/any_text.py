"""Texts to try what must always hold on: any, and such as hold what is hard."""

from hypothesis import strategies as st

_HARD = " aéßǅİıςй漢カｶﾞ한ᄀ각ᆨไทำ\u200c\u0301\u093c٣½①ﷺ㍿ﬁـ"
_LETTERS = st.characters(categories=["L", "M", "N", "Cf"]) | st.sampled_from(_HARD)
ANY_TEXT = st.text(max_size=60) | st.text(_LETTERS, max_size=40)
