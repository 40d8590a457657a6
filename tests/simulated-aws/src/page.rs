//! Pages of listings, and the opaque tokens that lead from one to the next.

use std::fmt::Write;

/// Some items of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// What is on this page, in the listing's order.
    pub items: Vec<T>,
    /// What leads to the next page; none on the last.
    pub token: Option<String>,
}

/// A token that this listing has not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadToken;

/// The page of `items` behind `token`, or the first one. `items` are in the order of their keys,
/// which are unique. `listing` says which listing of what it is: a token of another is refused.
///
/// # Errors
/// When `token` is none that this listing gives.
pub(crate) fn page<T>(
    listing: &str,
    items: impl IntoIterator<Item = (String, T)>,
    token: Option<&str>,
    size: usize,
) -> Result<Page<T>, BadToken> {
    let after = token.map(|token| opened(listing, token)).transpose()?;
    let mut rest = items
        .into_iter()
        .skip_while(|(key, _)| after.as_ref().is_some_and(|after| key <= after));
    let mut last = String::new();
    let mut items = Vec::new();
    for (key, item) in rest.by_ref().take(size.max(1)) {
        last = key;
        items.push(item);
    }
    let token = rest.next().map(|_| sealed(listing, &last));
    Ok(Page { items, token })
}

/// A key whose order is the opposite of `key`'s.
pub(crate) fn descending(key: &str) -> String {
    let mut turned = String::with_capacity(2 * key.len() + 1);
    for byte in key.bytes() {
        let _ = write!(turned, "{:02x}", !byte);
    }
    // What goes on comes before what ends here.
    turned.push('g');
    turned
}

/// The key in hexadecimal behind a checksum of listing and key, so that no caller can make one up.
fn sealed(listing: &str, key: &str) -> String {
    let mut token = format!("{:016x}", checksum(listing, key));
    for byte in key.bytes() {
        let _ = write!(token, "{byte:02x}");
    }
    token
}

fn opened(listing: &str, token: &str) -> Result<String, BadToken> {
    let key = token.get(16..).ok_or(BadToken)?;
    let bytes = (0..key.len()).step_by(2).map(|at| {
        let digits = key.get(at..at + 2)?;
        u8::from_str_radix(digits, 16).ok()
    });
    let bytes = bytes.collect::<Option<Vec<_>>>().ok_or(BadToken)?;
    let key = String::from_utf8(bytes).map_err(|_| BadToken)?;
    (sealed(listing, &key) == token)
        .then_some(key)
        .ok_or(BadToken)
}

/// FNV-1a. <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>
fn checksum(listing: &str, key: &str) -> u64 {
    let bytes = listing.bytes().chain([0]).chain(key.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> impl Iterator<Item = (String, char)> {
        ('a'..='e').map(|letter| (letter.to_string(), letter))
    }

    #[test]
    fn pages_follow_one_another_until_all_was_shown() {
        let mut token = None;
        let mut pages = Vec::new();
        loop {
            let shown = page("letters", letters(), token.as_deref(), 2).unwrap();
            pages.push(String::from_iter(shown.items));
            token = shown.token;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(pages, ["ab", "cd", "e"]);
    }

    #[test]
    fn a_page_that_is_just_full_is_the_last() {
        assert_eq!(page("letters", letters(), None, 5).unwrap().token, None);
    }

    #[test]
    fn descending_keys_turn_the_order_around() {
        let mut keys = ["a", "ab", "b", "", "ba"];
        keys.sort_by_key(|key| descending(key));
        assert_eq!(keys, ["ba", "b", "ab", "a", ""]);
    }

    #[test]
    fn only_the_listings_own_tokens_are_taken() {
        let shown = page("letters", letters(), None, 2).unwrap();
        let token = shown.token.unwrap();
        let mut other = token.clone();
        other.replace_range(16..18, "63");
        for bad in ["", "b", "ä", "0000000000000000", &other, &token[..17]] {
            assert_eq!(
                page("letters", letters(), Some(bad), 2),
                Err(BadToken),
                "{bad}"
            );
        }
        assert_eq!(page("numbers", letters(), Some(&token), 2), Err(BadToken));
    }
}
