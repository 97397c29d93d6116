//! Names of many languages and scripts, written as their bearers write them.

mod lists;

use crate::base::fold;
use lists::{NAMINGS, Shown};

/// One name as its bearer writes it and as an address spells it.
struct Word {
    shown: String,
    slug: String,
}

struct Pool {
    given: Vec<Word>,
    family: Vec<Word>,
    shown: Shown,
}

/// Every name, taken apart.
pub struct Names {
    pools: Vec<Pool>,
    /// Before each pool, how many whole names there are in the pools before it.
    starts: Vec<u64>,
    count: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    pub whole: String,
    pub given: String,
    pub family: String,
    /// What stands before the @.
    pub slug: String,
}

impl Names {
    pub fn new() -> Self {
        let pools: Vec<Pool> = NAMINGS
            .iter()
            .map(|it| Pool { given: words(it.given), family: words(it.family), shown: it.shown })
            .collect();
        let mut count = 0;
        let starts = pools
            .iter()
            .map(|pool| {
                let start = count;
                count += (pool.given.len() * pool.family.len()) as u64;
                start
            })
            .collect();
        Self { pools, starts, count }
    }

    /// How many names there are of one given and one family name.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// A name; different numbers have different slugs. From `count` on people have a second given name, where that is
    /// usual, and then a number in their address.
    pub fn nth(&self, nth: u64) -> Name {
        let (round, of_all) = (nth / self.count, nth % self.count);
        let at = self.starts.partition_point(|start| *start <= of_all) - 1;
        let (pool, of_pool) = (&self.pools[at], (of_all - self.starts[at]) as usize);
        let (given, family) =
            (&pool.given[of_pool / pool.family.len()], &pool.family[of_pool % pool.family.len()]);
        let seconds = pool.given.len() as u64 - 1;
        match pool.shown {
            Shown::SecondGiven if round > 0 => {
                let step = (round - 1) % seconds + 1;
                let second = &pool.given[(of_pool / pool.family.len() + step as usize) % pool.given.len()];
                let given = Word {
                    shown: format!("{} {}", given.shown, second.shown),
                    slug: format!("{}.{}", given.slug, second.slug),
                };
                name(&given, family, pool.shown, (round - 1) / seconds)
            }
            shown => name(given, family, shown, round),
        }
    }
}

fn name(given: &Word, family: &Word, shown: Shown, namesakes: u64) -> Name {
    let whole = match shown {
        Shown::GivenFirst | Shown::SecondGiven => format!("{} {}", given.shown, family.shown),
        Shown::FamilyFirst => format!("{} {}", family.shown, given.shown),
        Shown::Joined => format!("{}{}", family.shown, given.shown),
    };
    let number = if namesakes == 0 { String::new() } else { (namesakes + 1).to_string() };
    Name {
        whole,
        given: given.shown.clone(),
        family: family.shown.clone(),
        slug: format!("{}.{}{number}", given.slug, family.slug),
    }
}

fn words(text: &str) -> Vec<Word> {
    let word = |word: &str| {
        let (shown, slug) = word.split_once('=').unwrap_or((word, word));
        Word { shown: shown.replace('_', " "), slug: slug_of(slug) }
    };
    text.split_whitespace().map(word).collect()
}

/// The letters of an address: small, of the alphabet of ASCII.
pub fn slug_of(text: &str) -> String {
    let mut slug = String::new();
    for letter in fold::key(text).chars() {
        match letter {
            'a'..='z' | '0'..='9' | '-' => slug.push(letter),
            'ß' => slug.push_str("ss"),
            'æ' => slug.push_str("ae"),
            'þ' => slug.push_str("th"),
            'ø' => slug.push('o'),
            'ł' => slug.push('l'),
            'đ' | 'ð' => slug.push('d'),
            'ı' => slug.push('i'),
            _ => {}
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::email_address::EmailAddress;

    #[test]
    fn different_people_have_different_addresses() {
        let names = Names::new();
        let mut seen = BTreeSet::new();
        for nth in 0..names.count() * 40 {
            let name = names.nth(nth);
            assert!(seen.insert(name.slug.clone()), "{} again, of {}", name.slug, name.whole);
        }
    }

    #[test]
    fn every_name_spells_an_address() {
        let names = Names::new();
        assert!(names.count() > 8_000, "{}", names.count());
        for nth in 0..names.count() {
            let name = names.nth(nth);
            let address = format!("{}@engines.example", name.slug);
            EmailAddress::parse(&address).expect(&address);
            assert!(
                name.slug.len() > 4 && !name.slug.starts_with('.') && !name.slug.ends_with('.'),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_name_is_written_as_its_bearer_does() {
        let names = Names::new();
        let all: BTreeSet<_> = (0..names.count()).map(|nth| names.nth(nth).whole).collect();
        for name in [
            "Käthe Strauß",
            "Tóth Zsófia",
            "田中さくら",
            "김민지",
            "Guðrún Þorsteinsdóttir",
            "ليلى الخوارزمي",
        ] {
            assert!(all.contains(name), "{name}");
        }
    }
}
