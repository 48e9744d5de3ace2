"""The origin that a reprint names: 'US carries out air raids … | Al Jazeera' on a site that is not Al Jazeera."""


def split_source(title: str, site_name: str | None, url: str) -> str | None:
    """The origin named at a title's end; None where there is none, or it is the site itself."""
    tail = title.rpartition(" | ")[2]
    if tail == title or (site_name and tail.casefold() == site_name.casefold()):
        return None
    return tail
