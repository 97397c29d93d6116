//! What a browser calls itself, in plain words. Nothing is decided by it: anybody may call themselves anything.

/// The browser and the system it runs on, such as "Firefox on Linux"; "A browser" for what nobody knows.
pub fn in_words(agent: &str) -> String {
    match (browser(agent), system(agent)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A browser".to_owned(),
    }
}

/// Those that pretend to be others stand before them.
fn browser(agent: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &str); 17] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("OPT/", "Opera"),
        ("Vivaldi/", "Vivaldi"),
        ("YaBrowser/", "Yandex Browser"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("DuckDuckGo/", "DuckDuckGo"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("Wget/", "Wget"),
        ("python-requests/", "A Python script"),
    ];
    found(agent, &SIGNS)
}

fn system(agent: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &str); 9] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
        ("X11", "Unix"),
        ("BSD", "BSD"),
    ];
    found(agent, &SIGNS)
}

/// Whether it is one that is held in a hand.
pub fn is_phone(agent: &str) -> bool {
    agent.contains("iPhone") || (agent.contains("Android") && agent.contains("Mobile"))
}

fn found(agent: &str, signs: &[(&str, &'static str)]) -> Option<&'static str> {
    signs.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, word)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_what_people_call_them() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile \
                 Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 \
                 Safari/537.36 Edg/138.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.5 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64) Roster tests", "A browser on Linux"),
            ("curl/8.5.0", "curl"),
            ("<script>alert(1)</script>", "A browser"),
            ("", "A browser"),
        ] {
            assert_eq!(in_words(agent), words, "{agent}");
        }
    }
}
