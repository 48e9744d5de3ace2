"""A page's comments together with those found elsewhere: no doubles, one thread, and provenance."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from services.parser.elsewhere.matching import doubles, number_of
from services.parser.elsewhere.part import Elsewhere, native_of
from services.parser.elsewhere.thread import is_nested, numbered, ordered, sound_parents
from shared.records import Comment, ParsedPage

# A day shown without its zone is so far from the moment at most: zones span 26 hours, and a day has 24.
_SAME_DAY = timedelta(hours=50)
_MINUTE = timedelta(minutes=1)
# What a part gives where the page shows nothing.
_FILLED = ("author", "author_url", "permalink", "votes", "edited_at")
_WORDS = ("text", "html", "language")
# What a comment was given (words, author, time) may tell that another is the same: merging goes on until it changes
# nothing, which is mostly the second time.
_PASSES = 5
_PLACES = ("by time", "before", "after")


def merge(parsed: ParsedPage, found: Sequence[Elsewhere]) -> ParsedPage:
    """The page with what was found in its parts, in whatever order these came; again with the same, it is the same.

    What the page shows wins; a part fills what is missing. Segments stay the page's own: text from elsewhere has none.
    """
    parts = sorted(found, key=lambda e: (_PLACES.index(e.place), e.native.pattern, e.number))
    groups = [list(group) for _, group in groupby(parts, key=lambda e: (e.place, e.native.pattern))]
    comments = parsed.comments
    for _ in range(_PASSES):
        before = comments
        # A page without replies may be one that does not show who answers whom.
        flat = all(c.parent_id is None for c in before)
        for group in groups:
            comments = _with(comments, group, flat=flat, fetched_at=parsed.page.fetched_at)
        comments = numbered(comments)
        if comments == before:
            break
    return parsed.model_copy(update={"comments": comments}) if comments != parsed.comments else parsed


def _with(own: list[Comment], parts: list[Elsewhere], *, flat: bool, fetched_at: datetime) -> list[Comment]:
    """The comments with those of the parts of one platform."""
    place, native = parts[0].place, parts[0].native
    # Feeds shift while they are read, and repeat what they had.
    found = list({_key(c): c for part in reversed(parts) for c in reversed(part.comments)}.values())[::-1]
    matched = doubles(own, found, native)
    new = [theirs for m, theirs in enumerate(found) if m not in matched]
    new_ids = _new_ids(own, new, native)
    ids = {theirs.id: ident for theirs, ident in zip(reversed(new), reversed(new_ids), strict=True)}
    ids |= {found[m].id: own[n].id for m, n in matched.items()}
    numbers = {number: c.id for c in own if (number := number_of(c.id, native)) is not None}

    def parent_of(theirs: Comment) -> str | None:
        """The id, here, of what a comment answers, whether the part has that or only names it."""
        above = theirs.parent_id
        return (ids.get(above) or numbers.get(number_of(above, native) or "")) if above is not None else None

    nested = is_nested(own)
    completed = list(own)
    for m, n in matched.items():
        completed[n] = _completed(own[n], found[m], parent_of(found[m]) if flat else None, fetched_at)
    added = [
        c.model_copy(update={"id": ident, "parent_id": parent_of(c)}) for c, ident in zip(new, new_ids, strict=True)
    ]
    sound = [_without_claim(c) for c in sound_parents([*completed, *added])]
    return ordered(sound[: len(own)], sound[len(own) :], place, nested=nested)


def _key(comment: Comment) -> tuple[str, datetime | None]:
    """What no two comments of a part share: the site's own id; without one, the same words at the same time."""
    return comment.id, None if native_of(comment.id) is not None else comment.published_at


def _without_claim(comment: Comment) -> Comment:
    """Without a source for a parent that it turned out not to have."""
    if comment.parent_id is not None or "parent_id" not in comment.provenance:
        return comment
    said = {name: source for name, source in comment.provenance.items() if name != "parent_id"}
    return comment.model_copy(update={"provenance": said})


def _new_ids(own: Sequence[Comment], new: Sequence[Comment], native: re.Pattern[str]) -> list[str]:
    """The record ids of comments that the page does not show, as its markup would have given them."""
    forms = Counter(form for c in own if (form := _form(c.id, native)) is not None)
    usual = forms.most_common(1)[0][0] if forms else None
    taken = {c.id for c in own}
    ordinals: Counter[str] = Counter()
    ids = []
    for comment in new:
        base = comment.id
        number = number_of(base, native)
        if usual is not None and number is not None:
            base = f"{comment.page_id}:c:{usual[0]}{number}{usual[1]}"
        ident = base
        while ident in taken:
            ordinals[base] += 1
            ident = f"{base}~{ordinals[base] + 1}"
        taken.add(ident)
        ids.append(ident)
    return ids


def _form(comment_id: str, native: re.Pattern[str]) -> tuple[str, str] | None:
    """What a page writes around the site's own id of a comment."""
    own = native_of(comment_id)
    matched = native.fullmatch(own) if own is not None else None
    return (own[: matched.start(1)], own[matched.end(1) :]) if own is not None and matched is not None else None


def _completed(ours: Comment, theirs: Comment, parent: str | None, fetched_at: datetime) -> Comment:
    """A comment of the page with what it does not show; `parent`: what it answers, where the page shows no replies."""
    update: dict[str, object] = {
        name: getattr(theirs, name)
        for name in _FILLED
        if getattr(ours, name) is None and getattr(theirs, name) is not None
    }
    if not ours.text and theirs.text:
        update |= {name: getattr(theirs, name) for name in _WORDS}
    if _is_exacter(ours.published_at, theirs.published_at, fetched_at):
        update["published_at"] = theirs.published_at
    if parent is not None and ours.parent_id is None and parent != ours.id:
        update["parent_id"] = parent
    if not update:
        return ours
    sources = {name: source for name, source in theirs.provenance.items() if name in update}
    return ours.model_copy(update=update | {"provenance": ours.provenance | sources})


def _is_exacter(ours: datetime | None, theirs: datetime | None, fetched_at: datetime) -> bool:
    """Whether a part says exactly what the page says by its day, by 'two days ago', or without its zone."""
    if theirs is None or ours is None:
        return theirs is not None
    if abs(ours - theirs) < _MINUTE:
        return False
    if _to_the_minute(ours) == _to_the_minute(theirs):
        return True
    if ours.time() == time.min:
        return abs(ours - theirs) <= _SAME_DAY
    age = fetched_at - ours
    return age % _MINUTE == timedelta(0) and abs(ours - theirs) <= age


def _to_the_minute(moment: datetime) -> datetime:
    """What a clock there shows."""
    return moment.replace(tzinfo=None, second=0, microsecond=0)
