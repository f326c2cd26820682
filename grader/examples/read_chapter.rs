//! Shows what a printed chapter's text is understood as: `cargo run -p grader --example read_chapter -- FILE [file|draft|all]`.

use std::process::ExitCode;

use grader::Language;
use grader::textbook;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: read_chapter FILE [file|draft|all]");
        return ExitCode::from(2);
    };
    let source = match std::fs::read_to_string(&path) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(3);
        }
    };
    let started = std::time::Instant::now();
    let page = textbook::read(&source, Language::English);
    let elapsed = started.elapsed();
    match arguments.next().as_deref() {
        Some("file") => print!("{}", textbook::to_assignment_file(&page, None, None, Language::Chinese)),
        Some("draft") => print!("{}", textbook::chapter_draft(&page)),
        more => {
            println!(
                "textbook: {}; {:?} {:?}; {} sections, keywords {:?}",
                textbook::is_textbook(&source),
                page.chapter,
                page.title,
                page.sections.len(),
                page.keywords
            );
            println!(
                "{} 问答, {} key terms, {} summary entries",
                page.questions_and_answers.len(),
                page.key_terms.len(),
                page.summary.len()
            );
            for exercise in &page.exercises {
                let question = &exercise.question;
                println!("\n{} {:?} {}", question.number, question.kind, question.text.replace('\n', " / "));
                for (index, (blank, proposals)) in question.blanks.iter().zip(&exercise.proposals).enumerate() {
                    let shown: Vec<String> = proposals
                        .iter()
                        .map(|p| {
                            format!("{} {:.2} ({}, line {})", p.answer, p.confidence, p.source.section, p.source.line)
                        })
                        .collect();
                    println!("  {{{}}} {} {}", index + 1, blank.group.as_deref().unwrap_or("-"), shown.join(" | "));
                }
            }
            if more == Some("all") {
                for diagnostic in &page.diagnostics {
                    println!(
                        "{:?} {}:{} {} {}",
                        diagnostic.severity, diagnostic.line, diagnostic.column, diagnostic.code, diagnostic.message
                    );
                }
                for section in &page.sections {
                    println!(
                        "{} {:?} {} (line {}, {} paragraphs)",
                        section.level,
                        section.number,
                        section.title,
                        section.line,
                        section.paragraphs.len()
                    );
                }
            }
            println!("\n{elapsed:?}");
        }
    }
    ExitCode::SUCCESS
}
