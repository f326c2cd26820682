//! What a plugin may do, in words for the person who decides.

use plugin_protocol::manifest::Permission;

use crate::store::plugin::Approved;

/// One line for each.
pub(super) fn permissions(asked: &Approved) -> Vec<String> {
    let permission = |permission: &Permission| match permission {
        Permission::Tables => "keep tables of its own",
        Permission::Roster => "read names, numbers, roles and posts of the classes that use it",
        Permission::Secrets => "read secret settings of its own",
        Permission::Schedule => "run jobs at moments it chooses",
        Permission::Scripts => "run scripts of its own in its pages",
    };
    let mut lines: Vec<String> = asked.permissions.iter().map(|one| permission(one).to_owned()).collect();
    let mut list = |what: &str, names: &[String]| {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", names.join(", ")));
        }
    };
    list("talk to other servers", &asked.http);
    list("ask other plugins", &asked.services);
    list("tell other plugins", &asked.emits);
    list("hear of", &asked.hears);
    lines
}
