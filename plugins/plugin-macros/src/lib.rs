//! [`plugin!`]: reads `plugin.toml` and the files beside it while the plugin is compiled, checks them, puts them into
//! the library and exports the plugin. Use it through `plugin-sdk`.

mod files;

use std::path::Path;

use plugin_protocol::manifest::Manifest;
use proc_macro::TokenStream;
use quote::quote;

/// Exports a plugin: `plugin!(Notebook);`, once, at the root of the crate. The type implements `Plugin` and `Default`.
#[proc_macro]
pub fn plugin(input: TokenStream) -> TokenStream {
    let plugin = syn::parse_macro_input!(input as syn::Type);
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    match files::read(Path::new(&folder)) {
        Ok(read) => export(&plugin, &read.manifest, &read.paths).into(),
        Err(problems) => {
            let errors = problems.iter().map(|problem| quote!(compile_error!(#problem);));
            quote!(#(#errors)*).into()
        }
    }
}

fn export(plugin: &syn::Type, manifest: &Manifest, paths: &[String]) -> proc_macro2::TokenStream {
    let json = serde_json::to_string(manifest).expect("a manifest has no maps with keys that are no text");
    let symbol = format!("course_plugin_v1_{}", manifest.id.replace('-', "_"));
    quote! {
        #[cfg(not(panic = "unwind"))]
        compile_error!("a plugin needs panic = \"unwind\": with \"abort\" every panic ends its worker; remove the line from the profile in Cargo.toml");

        // The compiler watches what it has read.
        const _: &[&[u8]] = &[#(include_bytes!(#paths)),*];

        /// The plugin as whoever loads it sees it.
        #[allow(unsafe_code)]
        #[unsafe(export_name = #symbol)]
        pub static PLUGIN: ::plugin_sdk::abi::PluginV1 = ::plugin_sdk::entry::export::<#plugin>(MANIFEST);

        const MANIFEST: &str = #json;

        #[allow(unsafe_code)]
        const _: () = {
            #[used]
            #[unsafe(link_section = ".clsp")]
            static SECTION: ::plugin_sdk::entry::Section<{ MANIFEST.len() }> =
                ::plugin_sdk::entry::Section::new(MANIFEST);
        };
    }
}
