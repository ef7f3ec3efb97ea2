//! Reading a page strictly: its tags, its figures, its text, and that it asks for nothing.

use std::collections::BTreeSet;

use crate::paged::Figure;

/// A tag with its attributes, as a strict reader finds them.
pub(crate) struct Tag {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

/// All tags of a page, without what stands in its style and script.
#[track_caller]
pub(crate) fn tags(page: &str) -> Vec<Tag> {
    let mut rest = page;
    let mut tags = Vec::new();
    while let Some((_, after)) = rest.split_once('<') {
        let end = after.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/' && letter != '!');
        let (name, mut inside) = after.split_at(end.expect("a tag ends"));
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start();
            if let Some(after) = inside.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = inside.find(['=', ' ', '>']).expect("a tag ends");
            assert!(end > 0, "<{name} {inside:.80}");
            let (attribute, after) = inside.split_at(end);
            let quoted = after.strip_prefix("=\"").and_then(|after| after.split_once('"'));
            let (value, after) = quoted.map_or(("", after), |(value, after)| (value, after));
            assert!(!value.contains('<'), "{attribute}=\"{value}\"");
            attributes.push((attribute.to_owned(), value.to_owned()));
            inside = after;
        }
        for raw in ["style", "script"] {
            if name == raw {
                rest = rest.split_once(&format!("</{raw}>")).expect("it ends").1;
            }
        }
        tags.push(Tag { name: name.to_ascii_lowercase(), attributes });
    }
    tags
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The figures of a page.
#[track_caller]
pub(crate) fn figures(page: &str) -> Vec<Figure> {
    let plain =
        |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let figure = |tag: &Tag| Some((tag.attribute("data-is")?.to_owned(), plain(tag.attribute("value")?)));
    tags(page).iter().filter_map(figure).collect()
}

/// What stands between the tags, and the entities as the characters they are.
pub(crate) fn text_of(page: &str) -> String {
    let mut text = String::new();
    for part in page.split('<').skip(1) {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Everything a page may be made of.
const NAMES: &str = "!doctype html head meta title style body a svg defs pattern rect path circle line text tspan header h1 \
    h2 h3 h4 p div span ul ol li nav main section strong b dl dt dd data bdi wbr details summary table caption thead tbody \
    tfoot tr th td blockquote figure figcaption footer script";

const ATTRIBUTES: &str = "lang charset http-equiv content name class href width height aria-hidden focusable id \
    patternunits d cx cy r role aria-label aria-labelledby tabindex value data-is data-filter data-filtered data-loyalty x y x1 x2 y1 \
    y2 rx viewbox scope text-anchor overflow";

#[track_caller]
pub(crate) fn asks_for_nothing(page: &str) {
    let (names, attributes): (BTreeSet<&str>, BTreeSet<&str>) =
        (NAMES.split_whitespace().collect(), ATTRIBUTES.split_whitespace().collect());
    let mut ids = BTreeSet::new();
    let found = tags(page);
    for tag in &found {
        assert!(names.contains(tag.name.trim_start_matches('/')), "<{}>", tag.name);
        for (attribute, value) in &tag.attributes {
            let attribute = attribute.to_ascii_lowercase();
            let known = attributes.contains(attribute.as_str()) || tag.name == "!doctype";
            assert!(known, "<{} {attribute}=\"{value}\">", tag.name);
            if attribute == "id" {
                assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{value}");
                assert!(ids.insert(value.clone()), "{value} is there twice");
            }
        }
    }
    for link in found.iter().filter_map(|tag| tag.attribute("href")) {
        let target = link.strip_prefix('#').expect("a link stays in the page");
        assert!(ids.contains(target), "{link} leads nowhere");
    }
    for (opened, closed) in [("<script", "</script>"), ("<style", "</style>")] {
        assert_eq!((page.matches(opened).count(), page.matches(closed).count()), (1, 1));
    }
    let style = between(page, "<style>", "</style>");
    for part in style.split("url(").skip(1) {
        assert!(part.starts_with('#'), "url({part}");
    }
    assert!(!style.contains('@') || !style.contains("@import"));
    let own = format!("{style}{}", between(page, "<script>", "</script>"));
    assert!(!own.contains("://") && !own.contains("fetch(") && !own.contains("XMLHttp"), "a page asks for nothing");
}

pub(crate) fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).expect("it is there").0
}
