//! Answers what a plugin asks, with the server's permissions.

use std::time::Duration;

use plugin_database::{LONGEST, OutboxEvent};
use plugin_loader::Services;
use plugin_protocol::context::Context;
use plugin_protocol::host::{
    Batch, Classes, Done, Emit, Emitted, Fetch, HostOp, Log, OfClass, Query, Roster, Schedule, Secret, SecretValue,
    Service,
};
use plugin_protocol::manifest::{Permission, SettingKind};
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::fetch;
use crate::people::{self, ARCHIVED_CLASS, CLASS, OTHER_CLASS};
use crate::state::{State, Told};

impl Services for State {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        match self.answer(token, op, input) {
            Ok(bytes) => (Code::Ok.number(), bytes),
            Err(failure) => (failure.code.number(), failure.to_bytes()),
        }
    }

    fn alive(&self, token: u64) -> bool {
        self.is_waited_for(token)
    }
}

impl State {
    fn answer(&self, token: u64, op: u32, input: &[u8]) -> Result<Vec<u8>, Failure> {
        let op = HostOp::from_number(op)
            .ok_or_else(|| Failure::new(Code::Unsupported, format!("the host has no service {op}")))?;
        if op == HostOp::Log {
            self.world().logs.push(parsed::<Log>(input)?);
            return bytes(&());
        }
        let ended = || Failure::new(Code::Cancelled, "the call that this was asked for has ended");
        let context = self.context(token).ok_or_else(ended)?;
        match op {
            HostOp::Log => bytes(&()),
            HostOp::Query => {
                self.need(Permission::Tables)?;
                bytes(&self.tables.query(&parsed::<Query>(input)?, LONGEST)?)
            }
            HostOp::Batch => {
                self.need(Permission::Tables)?;
                bytes(&self.batch(&context, &parsed(input)?)?)
            }
            HostOp::Emit => bytes(&Emitted { id: self.emit(&context, parsed(input)?)? }),
            HostOp::Service => bytes(&self.service(&context, parsed(input)?)?),
            HostOp::Roster => {
                self.need(Permission::Roster)?;
                let class = class(&context, parsed::<OfClass>(input)?.class)?;
                let mut people = people::roster(class);
                people.retain(|person| !self.world().left.contains(&person.id));
                bytes(&Roster { people })
            }
            HostOp::Classes => {
                self.need(Permission::Roster)?;
                bytes(&Classes { classes: [CLASS, OTHER_CLASS].map(people::class).into() })
            }
            HostOp::Fetch => self.fetch(parsed(input)?),
            HostOp::Secret => self.secret(&parsed(input)?),
            HostOp::Settings => bytes(&self.world().settings),
            HostOp::Schedule => self.schedule(&context, parsed(input)?),
        }
    }

    fn need(&self, permission: Permission) -> Result<(), Failure> {
        if self.manifest.may(permission) {
            return Ok(());
        }
        let name = serde_json::to_value(permission).unwrap_or_default();
        Err(Failure::new(Code::Denied, format!("the plugin has no permission {name}"))
            .hint(format!("permissions = [{name}] in plugin.toml")))
    }

    fn batch(&self, context: &Context, batch: &Batch) -> Result<Done, Failure> {
        let mut events = Vec::with_capacity(batch.emit.len());
        for emit in &batch.emit {
            events.push(self.event(context, emit.clone())?);
        }
        let done = self.tables.batch(batch, &events, context.now, LONGEST)?;
        self.empty_outbox()?;
        Ok(done)
    }

    fn emit(&self, context: &Context, emit: Emit) -> Result<Uuid, Failure> {
        let event = self.event(context, emit)?;
        let id = event.id;
        self.tables.batch(&Batch::default(), &[event], context.now, LONGEST)?;
        self.empty_outbox()?;
        Ok(id)
    }

    fn event(&self, context: &Context, emit: Emit) -> Result<OutboxEvent, Failure> {
        if !self.manifest.events.emits.contains(&emit.name) {
            return Err(Failure::new(Code::Denied, format!("the plugin does not say that it emits {}", emit.name))
                .hint(format!("emits = [{:?}] below [events] in plugin.toml", emit.name)));
        }
        let class = emit.class.or(context.class.as_ref().map(|class| class.id));
        Ok(OutboxEvent { id: Uuid::now_v7(), name: emit.name, class, at: context.now, hops: 0, data: emit.data })
    }

    fn empty_outbox(&self) -> Result<(), Failure> {
        // Held until the outbox is empty: two calls at once must not both tell the same event.
        let mut world = self.world();
        let waiting = self.tables.outbox(1_000)?;
        let ids: Vec<Uuid> = waiting.iter().map(|event| event.id).collect();
        world.events.extend(waiting.into_iter().map(|event| {
            let OutboxEvent { id, name, class, at, data, .. } = event;
            Told { id, name, class, at, data }
        }));
        self.tables.clear_outbox(&ids)
    }

    fn service(&self, context: &Context, asked: Service) -> Result<Value, Failure> {
        let Service { service, class, input, within_ms } = asked;
        if !self.manifest.needs.contains(&service) && !self.manifest.wants.contains(&service) {
            return Err(Failure::new(Code::Denied, format!("the plugin does not say that it asks for {service}"))
                .hint(format!("wants = [{service:?}] in plugin.toml")));
        }
        let class = class.or(context.class.as_ref().map(|class| class.id));
        let stub = {
            let stubs = &self.world().stubs;
            stubs.get(&(service.clone(), class)).or_else(|| stubs.get(&(service.clone(), None))).cloned()
        };
        let nobody = || Failure::new(Code::Unsupported, format!("no plugin provides {service}"));
        let stub = stub.ok_or_else(nobody)?;
        let Some(within) = within_ms else { return stub(input) };
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(stub(input)));
        let late = |_| Failure::new(Code::Timeout, format!("{service} did not answer in time"));
        receiver.recv_timeout(Duration::from_millis(within.into())).map_err(late)?
    }

    fn fetch(&self, asked: Fetch) -> Result<Vec<u8>, Failure> {
        let mut world = self.world();
        let server = world.servers.function.clone();
        if !fetch::is_allowed(&self.manifest, &world.settings, &asked.url) {
            return Err(Failure::new(Code::Denied, format!("the plugin may not talk to {}", asked.url))
                .hint("name the server in http = […] of plugin.toml"));
        }
        let Some(server) = server else { return bytes(&world.servers.answer(asked)?) };
        world.servers.asked.push(asked.clone());
        drop(world);
        bytes(&server(asked)?)
    }

    fn secret(&self, asked: &Secret) -> Result<Vec<u8>, Failure> {
        self.need(Permission::Secrets)?;
        let is_asked = |setting: &&plugin_protocol::manifest::Setting| {
            setting.kind == SettingKind::Secret && setting.name == asked.name
        };
        if !self.manifest.settings.iter().any(|setting| is_asked(&setting)) {
            return Err(Failure::new(Code::NotFound, format!("there is no secret setting {}", asked.name)));
        }
        bytes(&SecretValue { value: self.world().secrets.get(&asked.name).cloned() })
    }

    fn schedule(&self, context: &Context, mut asked: Schedule) -> Result<Vec<u8>, Failure> {
        self.need(Permission::Schedule)?;
        if !self.manifest.jobs.iter().any(|job| job.id == asked.job) {
            return Err(Failure::new(Code::NotFound, format!("plugin.toml has no job {}", asked.job)));
        }
        asked.class = asked.class.or(context.class.as_ref().map(|class| class.id));
        let key = (asked.job.clone(), asked.key.clone());
        match asked.at {
            Some(_) => self.world().scheduled.insert(key, asked),
            None => self.world().scheduled.remove(&key),
        };
        bytes(&())
    }
}

fn class(context: &Context, asked: Option<Uuid>) -> Result<Uuid, Failure> {
    let class = asked.or(context.class.as_ref().map(|class| class.id));
    class
        .filter(|class| [CLASS, OTHER_CLASS, ARCHIVED_CLASS].contains(class))
        .ok_or_else(|| Failure::new(Code::NotFound, "no class that uses the plugin"))
}

fn parsed<T: DeserializeOwned>(input: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(input)
        .map_err(|error| Failure::new(Code::BadRequest, format!("the host cannot read what was asked: {error}")))
}

fn bytes(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|error| Failure::new(Code::PluginError, error.to_string()))
}
