//! Values on their way between the platform and the engine.

use rquickjs::{Ctx, IntoJs, Object};

use crate::event::Value;

/// A result that nobody wants.
pub(super) struct Nothing;

impl<'js> rquickjs::FromJs<'js> for Nothing {
    fn from_js(_: &Ctx<'js>, _: rquickjs::Value<'js>) -> rquickjs::Result<Self> {
        Ok(Nothing)
    }
}

impl<'js> rquickjs::FromJs<'js> for Value {
    fn from_js(_: &Ctx<'js>, value: rquickjs::Value<'js>) -> rquickjs::Result<Self> {
        Ok(plain(&value, 0))
    }
}

/// A copy of a script value; objects that refer to themselves are cut off.
pub(super) fn plain(value: &rquickjs::Value<'_>, depth: usize) -> Value {
    if let Some(yes) = value.as_bool() {
        Value::Bool(yes)
    } else if let Some(number) = value.as_number() {
        Value::Number(number)
    } else if let Some(text) = value.as_string() {
        Value::Text(text.to_string().unwrap_or_default())
    } else if value.is_null() {
        Value::Null
    } else if let Some(object) = value.as_object() {
        if depth > 8 || value.is_function() {
            return Value::Object(Vec::new());
        }
        let fields = object.props::<String, rquickjs::Value>().flatten();
        Value::Object(fields.map(|(key, value)| (key, plain(&value, depth + 1))).collect())
    } else {
        Value::Undefined
    }
}

impl<'js> IntoJs<'js> for Value {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<rquickjs::Value<'js>> {
        match self {
            Value::Undefined => Ok(rquickjs::Value::new_undefined(ctx.clone())),
            Value::Null => Ok(rquickjs::Value::new_null(ctx.clone())),
            Value::Bool(yes) => yes.into_js(ctx),
            Value::Number(number) => number.into_js(ctx),
            Value::Text(text) => text.into_js(ctx),
            Value::Object(fields) => {
                let object = Object::new(ctx.clone())?;
                for (key, value) in fields {
                    object.set(key, value)?;
                }
                object.into_js(ctx)
            }
        }
    }
}
