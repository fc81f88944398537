//! The ECMAScript engine, held to the third edition, with the nested scopes of CCXML and VoiceXML.
//!
//! One engine serves all sessions of a platform: their variables live in separate chains of scopes, and an
//! expression is compiled once however many sessions use it. The scopes themselves are kept on the
//! script side (`host.js`), so that no handle to a script object ever outlives the engine.

pub(crate) mod editions;
mod values;

use rquickjs::context::EvalOptions;
use rquickjs::function::IntoArgs;
use rquickjs::{CatchResultExt, CaughtError, Context, Function, Object, Runtime};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use crate::event::Value;
use values::{Nothing, plain};

/// How often the engine may ask whether to go on with one expression or script: it asks every few thousand steps, and
/// no document needs a second.
const PATIENCE: u32 = 5_000;

/// What all scripts of a thread may hold in memory, in bytes.
const MEMORY: usize = 256 << 20;

/// Names one chain of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chain(u32);

/// The engine, and all scopes in it.
pub(crate) struct Engine {
    context: Context,
    /// How often it has asked whether to go on with what it does.
    asked: Rc<Cell<u32>>,
    opened: Cell<u32>,
    /// Expressions that can be compiled, documents without faults: most come again with every call.
    sound: RefCell<HashSet<String>>,
}

impl Engine {
    /// The engine of this thread: setting one up takes longer than a call does.
    pub(crate) fn shared() -> Rc<Self> {
        thread_local!(static ENGINE: Rc<Engine> = Rc::new(Engine::new()));
        ENGINE.with(Rc::clone)
    }

    #[expect(clippy::expect_used, clippy::panic, reason = "host.js is the same whatever the documents are")]
    fn new() -> Self {
        let runtime = Runtime::new().expect("a script runtime");
        let context = Context::full(&runtime).expect("a script context");
        context.with(|ctx| {
            // Later editions' strict mode knows no `with`.
            let mut options = EvalOptions::default();
            options.strict = false;
            if let Err(error) = ctx.eval_with_options::<(), _>(include_str!("host.js"), options).catch(&ctx) {
                panic!("host.js: {error}");
            }
        });
        let asked = Rc::new(Cell::new(0));
        let handler = Rc::clone(&asked);
        runtime.set_memory_limit(MEMORY);
        runtime.set_interrupt_handler(Some(Box::new(move || {
            handler.set(handler.get() + 1);
            handler.get() > PATIENCE
        })));
        Engine { context, asked, opened: Cell::new(0), sound: RefCell::default() }
    }

    /// A new chain with the given scopes, outermost first. One called `session` can only be written by the platform.
    pub(crate) fn open(&self, scopes: &[&str]) -> Chain {
        let id = self.opened.get();
        self.opened.set(id + 1);
        let scopes: Vec<String> = scopes.iter().map(|name| name.to_string()).collect();
        self.tell("open", (id, scopes));
        Chain(id)
    }

    pub(crate) fn close(&self, chain: Chain) {
        self.tell("close", (chain.0,));
    }

    /// Replaces a scope by an empty one: a new document, a new transition.
    pub(crate) fn renew(&self, chain: Chain, scope: &str) {
        self.tell("renew", (chain.0, scope));
    }

    /// Whether an expression can be compiled at all.
    pub(crate) fn check(&self, expression: &str) -> Result<(), String> {
        self.sound("check", expression)
    }

    /// Whether a script can be compiled at all.
    pub(crate) fn check_script(&self, source: &str) -> Result<(), String> {
        self.sound("checkScript", source)
    }

    fn sound(&self, check: &str, source: &str) -> Result<(), String> {
        let source_key = format!("{check} {source}");
        if !self.is_sound(&source_key) {
            self.host::<Nothing, _>(check, (source,))?;
            self.note_sound(source_key);
        }
        Ok(())
    }

    /// Whether something has been checked before and found without fault.
    pub(crate) fn is_sound(&self, what: &str) -> bool {
        self.sound.borrow().contains(what)
    }

    pub(crate) fn note_sound(&self, what: String) {
        self.sound.borrow_mut().insert(what);
    }

    pub(crate) fn evaluate(&self, chain: Chain, expression: &str) -> Result<Value, String> {
        self.host("evaluate", (chain.0, expression))
    }

    /// Runs a script in a scope; what it declares at its top level stays there.
    pub(crate) fn run(&self, chain: Chain, scope: &str, source: &str) -> Result<(), String> {
        self.host::<Nothing, _>("run", (chain.0, scope, source)).map(drop)
    }

    /// Declares a variable in a scope, undefined without an expression.
    pub(crate) fn declare(
        &self,
        chain: Chain,
        scope: &str,
        name: &str,
        expr: Option<&str>,
    ) -> Result<(), String> {
        match expr {
            Some(expr) => self.host::<Nothing, _>("declare", (chain.0, scope, name, expr)).map(drop),
            None => self.host::<Nothing, _>("declare", (chain.0, scope, name)).map(drop),
        }
    }

    /// Gives a scope a variable from the platform's side.
    pub(crate) fn put(&self, chain: Chain, scope: &str, name: &str, value: Value) {
        self.tell("put", (chain.0, scope, name, value));
    }

    /// Gives a scope all variables of an object.
    pub(crate) fn fill(&self, chain: Chain, scope: &str, values: Value) {
        self.tell("fill", (chain.0, scope, values));
    }

    /// `<assign>`: the variable has to exist, unless it is one of the application scope.
    pub(crate) fn assign(&self, chain: Chain, path: &str, expression: &str) -> Result<(), String> {
        self.host::<Nothing, _>("assign", (chain.0, path, expression)).map(drop)
    }

    /// Gives a variable that exists a value from the platform's side.
    pub(crate) fn set(&self, chain: Chain, path: &str, value: Value) -> Result<(), String> {
        self.host::<Nothing, _>("set", (chain.0, path, value)).map(drop)
    }

    /// Reads a variable by its (dotted) name; one that does not exist is an error.
    pub(crate) fn read(&self, chain: Chain, path: &str) -> Result<Value, String> {
        self.host("read", (chain.0, path))
    }

    /// Calls what fails only when memory runs out. The next expression that needs it says so then, as an error of the
    /// document that has used it up.
    fn tell(&self, function: &str, arguments: impl for<'js> IntoArgs<'js>) {
        let _ = self.host::<Nothing, _>(function, arguments);
    }

    fn host<R, A>(&self, function: &str, arguments: A) -> Result<R, String>
    where
        R: for<'js> rquickjs::FromJs<'js>,
        A: for<'js> IntoArgs<'js>,
    {
        self.asked.set(0);
        self.context.with(|ctx| {
            let host: Object = ctx.globals().get("$host").map_err(|error| error.to_string())?;
            let function: Function = host.get(function).map_err(|error| error.to_string())?;
            function.call(arguments).catch(&ctx).map_err(|caught| message(&caught))
        })
    }
}

/// The message of a script error, without a stack that speaks of `host.js`.
fn message(caught: &CaughtError<'_>) -> String {
    match caught {
        CaughtError::Exception(exception) => {
            let name: String = exception.as_object().get("name").unwrap_or_default();
            format!("{name}: {}", exception.message().unwrap_or_default())
        }
        CaughtError::Value(value) => match plain(value, 0) {
            Value::Object(_) => "an object was thrown".into(),
            value => format!("{} was thrown", value.to_text()),
        },
        CaughtError::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPES: &[&str] = &["session", "application", "ccxml", "transition"];

    #[test]
    fn names_are_looked_up_from_the_transition_outwards() {
        let engine = Engine::new();
        let chain = engine.open(SCOPES);
        engine.put(chain, "session", "id", "s1".into());
        engine.assign(chain, "application.leg", "'a'").unwrap();
        engine.declare(chain, "ccxml", "stage", Some("'new'")).unwrap();
        assert_eq!(engine.evaluate(chain, "id + leg + stage").unwrap(), "s1anew".into());
        engine.declare(chain, "transition", "stage", Some("stage + '!'")).unwrap();
        assert_eq!(engine.evaluate(chain, "stage + ccxml.stage").unwrap(), "new!new".into());
        engine.renew(chain, "ccxml");
        engine.renew(chain, "transition");
        assert!(engine.evaluate(chain, "stage").is_err());
        assert_eq!(engine.evaluate(chain, "application.leg").unwrap(), "a".into());
    }

    #[test]
    fn what_is_not_declared_cannot_be_assigned_and_the_session_not_at_all() {
        let engine = Engine::new();
        let chain = engine.open(SCOPES);
        engine.put(chain, "session", "id", "s1".into());
        assert!(engine.assign(chain, "leg", "1").unwrap_err().contains("leg is not declared"));
        assert!(engine.assign(chain, "ccxml.leg", "1").unwrap_err().contains("not declared"));
        assert!(engine.assign(chain, "session.id", "1").unwrap_err().contains("read-only"));
        assert!(engine.assign(chain, "id", "1").unwrap_err().contains("read-only"));
        assert!(engine.evaluate(chain, "leg = 1").unwrap_err().contains("not declared"));
        assert!(engine.read(chain, "leg").is_err());
    }

    #[test]
    fn a_script_leaves_its_variables_and_functions_in_its_scope() {
        let engine = Engine::new();
        let chain = engine.open(SCOPES);
        engine.declare(chain, "ccxml", "count", Some("1")).unwrap();
        engine
            .run(
                chain,
                "ccxml",
                "var tries = 2, count = 5; function more(n) { count += n; return helper(); }",
            )
            .unwrap();
        engine.run(chain, "ccxml", "function helper() { return ccxml.count + tries; }").unwrap();
        assert_eq!(engine.evaluate(chain, "more(3)").unwrap(), Value::Number(10.0));
        assert_eq!(engine.read(chain, "count").unwrap(), Value::Number(8.0));
        let other = engine.open(SCOPES);
        assert!(engine.evaluate(other, "tries").is_err());
        assert!(engine.run(chain, "ccxml", "nonsense(").is_err());
    }

    #[test]
    fn only_the_third_edition_is_there() {
        let engine = Engine::new();
        let chain = engine.open(SCOPES);
        for gone in [
            "JSON",
            "[].forEach",
            "[].indexOf",
            "''.trim",
            "Object.keys",
            "Array.isArray",
            "Date.now",
            "Promise",
            "eval",
            "Map",
            "globalThis",
            "(function(){}).bind",
            "''.includes",
            "new Date().toISOString",
        ] {
            let there = engine.evaluate(chain, &format!("typeof ({gone}) != 'undefined'"));
            assert!(!matches!(there, Ok(Value::Bool(true))), "{gone} is there");
        }
        for (kept, value) in [
            ("String('1 2').replace(/\\s+/g, '')", "12"),
            ("encodeURIComponent('a b&')", "a%20b%26"),
            ("parseInt('12', 10) + ''", "12"),
            ("[3, 1].sort().join(',')", "1,3"),
            ("'a,b'.split(',').length + ''", "2"),
            ("typeof undefined", "undefined"),
        ] {
            assert_eq!(engine.evaluate(chain, kept).unwrap(), value.into(), "{kept}");
        }
    }

    #[test]
    fn a_script_without_an_end_is_stopped() {
        let engine = Engine::new();
        let chain = engine.open(SCOPES);
        assert!(engine.run(chain, "ccxml", "for (;;) ;").is_err());
        assert!(engine.evaluate(chain, "(function f() { return f(); })()").is_err());
        assert!(engine.run(chain, "ccxml", "var a = 'a'; for (;;) a += a;").is_err());
        assert_eq!(engine.evaluate(chain, "1 + 1").unwrap(), Value::Number(2.0));
    }

    #[test]
    fn an_error_is_told_in_a_line() {
        let engine = Engine::new();
        let chain = engine.open(SCOPES);
        assert_eq!(engine.evaluate(chain, "missing").unwrap_err(), "ReferenceError: missing is not defined");
        assert!(engine.check("5s").is_err());
        assert!(engine.check("a b").is_err());
        assert!(engine.check("'5s'").is_ok());
    }
}
