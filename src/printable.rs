//! Texts as they may be shown to people: what cannot be seen, or turns the
//! writing around, becomes a visible escape.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};

/// What begins a formula, or is skipped by a spreadsheet before one.
pub(crate) const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// A text as it may be shown to people.
///
/// Controls, line breaks, marks that turn the writing direction around and whatever else cannot be seen
/// become escapes. A joiner inside a word or an emoji stays, and so does one variation selector behind
/// the character it is for: without them the text would be another.
///
/// ```
/// assert_eq!(serveup::printable("a\u{1b}[2J\u{202e}b"), "a\\u{1b}[2J\\u{202e}b");
/// assert_eq!(serveup::printable("می\u{200c}خواهم"), "می\u{200c}خواهم");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() * 2);
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_hidden(character) && !belongs(character, before, characters.peek().copied()) {
            let _ = write!(shown, "{}", character.escape_unicode());
            before = None;
        } else {
            shown.push(character);
            before = Some(character);
        }
    }
    Cow::Owned(shown)
}

/// The same of at most this many characters, with `…` where something is missing: for one line of a
/// message.
///
/// ```
/// assert_eq!(serveup::brief("on-time", 7), "on-time");
/// assert_eq!(serveup::brief("on-time\n", 7), "on-time…");
/// ```
#[must_use]
pub fn brief(text: &str, most: usize) -> String {
    if text.len() <= most && is_plain(text) {
        return text.to_owned();
    }
    let (cut, rest) = text.split_at(text.char_indices().nth(most).map_or(text.len(), |(end, _)| end));
    [&*printable(cut), if rest.is_empty() { "" } else { "…" }].concat()
}

/// Whether there is nothing in a text but what every terminal shows, each in a column of its own.
pub(crate) fn is_plain(text: &str) -> bool {
    // without a way out, the loop looks at many bytes at once
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Whether a character cannot be seen by itself, or changes how those around it are seen.
pub(crate) fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    match character.general_category() {
        GeneralCategory::Control
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::Surrogate
        | GeneralCategory::PrivateUse => true,
        GeneralCategory::Format => !stands_before_a_number(character),
        // a newer Unicode may know it, unless it is kept free for good
        GeneralCategory::Unassigned => {
            is_ignorable(character)
                || matches!(character, '\u{fdd0}'..='\u{fdef}')
                || u32::from(character) & 0xfffe == 0xfffe
        }
        _ => is_ignorable(character),
    }
}

/// Signs of category Format that are seen all the same: `Prepended_Concatenation_Mark`, and the
/// controls that arrange hieroglyphs.
const fn stands_before_a_number(character: char) -> bool {
    matches!(
        character,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
    )
}

/// `Default_Ignorable_Code_Point`, as far as it is of another category than Format.
const fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2065}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a hidden character belongs to its neighbours.
fn belongs(character: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match character {
        JOINER if is_emoji_part(before) => after.is_some_and(is_emoji),
        JOINER | NON_JOINER => is_virama(before) || joins(before) && after.is_some_and(joins),
        // of a text or an emoji style, where a character has both
        '\u{fe0e}' | '\u{fe0f}' => before.is_emoji_char() || is_ideograph(before),
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => is_ideograph(before),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        _ => false,
    }
}

/// A picture, and not a digit of a keycap.
fn is_emoji(character: char) -> bool {
    !character.is_ascii() && character.is_emoji_char()
}

/// A picture, or what may follow it before a joiner.
fn is_emoji_part(character: char) -> bool {
    character == '\u{fe0f}' || is_emoji(character)
}

/// Letters and marks of the scripts that are written with joiners: from Arabic through Sinhala, from Tibetan
/// through Myanmar, Khmer and Mongolian, Javanese and its neighbours, and the historic ones.
fn joins(character: char) -> bool {
    let script = matches!(
        character,
        '\u{600}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1a20}'..='\u{1bff}'
            | '\u{a800}'..='\u{a9df}' | '\u{aa60}'..='\u{aaff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}'
    );
    let group = character.general_category_group();
    script && !is_hidden(character) && matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

/// The mark that takes the vowel from an Indic letter: a joiner behind it chooses its form, even at the end of a word.
const fn is_virama(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{d7f}' if character as u32 % 0x80 == 0x4d) || character == '\u{dca}'
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Whether this character is escaped between these two.
    fn escaped(before: &str, character: char, after: &str) -> bool {
        let text = format!("{before}{character}{after}");
        let shown = printable(&text);
        assert!(shown == text || shown == format!("{before}{}{after}", character.escape_unicode()), "{shown}");
        shown != text
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        let classes: [(&str, &[char]); 12] = [
            (
                "C0 and C1 controls",
                &['\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{80}', '\u{85}', '\u{9b}', '\u{9f}'],
            ),
            ("line and paragraph separators", &['\u{2028}', '\u{2029}']),
            ("bidi controls", &['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}']),
            ("zero widths", &['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{2064}', '\u{feff}', '\u{180e}']),
            ("soft hyphen and joiner of graphemes", &['\u{ad}', '\u{34f}']),
            ("fillers", &['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{17b4}']),
            ("interlinear notes", &['\u{fff9}', '\u{fffa}', '\u{fffb}']),
            ("tags", &['\u{e0000}', '\u{e0001}', '\u{e0020}', '\u{e007f}']),
            ("variation selectors", &['\u{fe00}', '\u{fe0f}', '\u{180b}', '\u{e0100}', '\u{e01ef}']),
            ("controls of music and shorthand", &['\u{1d173}', '\u{1bca0}']),
            ("private use", &['\u{e000}', '\u{f8ff}', '\u{10fffd}']),
            ("no characters", &['\u{fffe}', '\u{ffff}', '\u{fdd0}', '\u{1ffff}', '\u{2065}', '\u{fff0}']),
        ];
        for (class, characters) in classes {
            for &character in characters {
                assert!(escaped("a", character, "b"), "{class}: {}", character.escape_unicode());
                assert!(escaped("", character, ""), "{class}: {}", character.escape_unicode());
            }
        }
    }

    #[test]
    fn what_can_be_seen_stays() {
        for text in
            ["", "late", "Zoë", "日本語", "naïve e\u{301}", "\u{a0}\u{3000}", "😀", "\u{605}١٢", "שלום", "١٢٣", "€ � ·"]
        {
            assert!(matches!(printable(text), Cow::Borrowed(shown) if shown == text), "{text}");
        }
    }

    #[test]
    fn joiners_stay_inside_words_and_emoji() {
        for text in [
            // Persian, also behind a letter that does not join
            "می\u{200c}خواهم",
            "کار\u{200c}ها",
            // a half form and an explicit virama in Devanagari, ya-phalaa in Bengali, an old chillu at the end of a word
            "क\u{94d}\u{200d}ष",
            "क\u{94d}\u{200c}ष",
            "র\u{200d}\u{9cd}য",
            "അവന\u{d4d}\u{200d}",
            "ශ\u{dca}\u{200d}රී",
            // a family, a skin tone, a heart on fire, a keycap, the sun as a text and as a picture
            "👩\u{200d}👩\u{200d}👧",
            "👩🏽\u{200d}🚀",
            "\u{2764}\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "\u{2600}\u{fe0e}\u{2600}\u{fe0f}",
            // a name written with a variant, a Mongolian one
            "葛\u{e0100}城",
            "\u{1820}\u{180b}",
        ] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn joiners_elsewhere_are_escaped() {
        for (before, character, after) in [
            ("pay", NON_JOINER, "pal"),
            ("pay", JOINER, "pal"),
            ("é", JOINER, "é"),
            ("а", NON_JOINER, "я"),
            ("می", NON_JOINER, ""),
            ("", NON_JOINER, "می"),
            ("می", NON_JOINER, "a"),
            ("👩", JOINER, ""),
            ("👩", JOINER, "x"),
            ("👩", NON_JOINER, "👧"),
            ("1", JOINER, "2"),
            ("a", '\u{fe0f}', "b"),
            ("葛", '\u{202e}', "城"),
            ("😀", '\u{e0100}', ""),
            ("😀", '\u{e0067}', ""),
        ] {
            assert!(escaped(before, character, after), "{before} {} {after}", character.escape_unicode());
        }
        // what is escaped is nothing to join
        assert_eq!(printable("a\u{fe0f}\u{200d}🔥"), "a\\u{fe0f}\\u{200d}🔥");
        // two of a kind carry no more than one
        assert_eq!(printable("👩\u{200d}\u{200d}👧"), "👩\\u{200d}\\u{200d}👧");
        assert_eq!(printable("\u{2600}\u{fe0f}\u{fe0f}"), "\u{2600}\u{fe0f}\\u{fe0f}");
        assert_eq!(printable("می\u{200c}\u{200c}خ"), "می\\u{200c}\\u{200c}خ");
    }

    /// Texts in which hidden characters are next to those they may belong to.
    fn texts() -> impl Strategy<Value = String> {
        let odd = select(vec![
            '\u{1b}',
            '\n',
            '\u{9b}',
            '\u{202e}',
            '\u{2066}',
            '\u{61c}',
            '\u{200b}',
            NON_JOINER,
            JOINER,
            '\u{fe0f}',
            '\u{e0100}',
            '\u{e0041}',
            '\u{3164}',
            'ی',
            'خ',
            'क',
            '\u{94d}',
            '👩',
            '🏽',
            '葛',
            '1',
            '\\',
        ]);
        vec(prop_oneof![3 => odd, 1 => any::<char>()], 0..12).prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_shown_moves_a_cursor_or_turns_the_writing_around(text in texts()) {
            let turns = |character| matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let shown = printable(&text);
            prop_assert!(!shown.chars().any(|character| character.is_control() || turns(character)), "{shown:?}");
        }

        #[test]
        fn what_is_shown_is_shown_as_it_is_again(text in texts()) {
            let shown = printable(&text);
            prop_assert_eq!(&printable(&shown), &shown);
        }

        #[test]
        fn nothing_is_lost(text in texts()) {
            let plain = text.chars().filter(|&character| !is_hidden(character));
            let shown = printable(&text);
            let mut rest = shown.chars();
            prop_assert!(plain.clone().all(|wanted| rest.any(|character| character == wanted)));
        }
    }
}
