//! Where letter case makes another meaning: CO is a gas and Co a metal, mW is not MW, Mb is not MB.

/// Texts that differ in case alone and mean different things. All in small letters they are taken as either.
const APART: &[&[&str]] = &[
    &["CO", "Co"],
    &["HF", "Hf"],
    &["mW", "MW"],
    &["mV", "MV"],
    &["mA", "MA"],
    &["mJ", "MJ"],
    &["mPa", "MPa"],
    &["Kb", "KB", "kB"],
    &["Mb", "MB"],
    &["Gb", "GB"],
    &["Mbps", "MBps"],
];

/// Whether the letters of both are known to mean different things.
pub(super) fn means_another(key: &str, answer: &str) -> bool {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).take(8).collect::<String>();
    let (own, given) = (letters(key), letters(answer));
    own != given && APART.iter().any(|group| group.contains(&own.as_str()) && group.contains(&given.as_str()))
}
