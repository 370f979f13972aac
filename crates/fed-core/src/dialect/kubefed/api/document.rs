//! What have all of KubeFed's kinds in common? Optional fields, a place for what is unknown, and
//! metadata.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{KnownFields, ObjectMeta};

/// A document of one of KubeFed's kinds.
pub trait Document: KnownFields + DeserializeOwned + Serialize + JsonSchema {
    /// What the document says of itself.
    fn metadata(&self) -> Option<&ObjectMeta>;

    /// The object's name.
    fn name(&self) -> Option<&str> {
        self.metadata()?.name.as_deref()
    }

    /// The object's namespace.
    fn namespace(&self) -> Option<&str> {
        self.metadata()?.namespace.as_deref()
    }
}

/// Declares a JSON object that people write: every field is optional and absent unless it was
/// there; what is not listed is kept in `unknown`, and reported.
macro_rules! object {
    ($(#[$about:meta])* pub struct $name:ident {
        $($(#[$about_field:meta])* $field:ident: $type:ty = $key:tt,)+
    }) => {
        $crate::dialect::kubefed::api::document::silent_object! {
            @fields $(#[$about])* $name { $($(#[$about_field])* $field: $type = $key,)+ }
        }

        impl $crate::dialect::kubefed::api::KnownFields for $name {
            fn report_unknown(
                &self,
                place: &$crate::dialect::kubefed::api::Place<'_>,
                found: &mut Vec<$crate::problem::Problem>,
            ) {
                place.report(&self.unknown, &[$($key),+], found);
                $(self.$field.report_unknown(&place.field($key), found);)+
            }
        }
    };
}

/// Declares a JSON object that API servers and controllers write: the same, but what is unknown
/// in it is nobody's slip of the pen and is not reported.
macro_rules! silent_object {
    ($(#[$about:meta])* pub struct $name:ident { $($fields:tt)+ }) => {
        $crate::dialect::kubefed::api::document::silent_object! {
            @fields $(#[$about])* $name { $($fields)+ }
        }

        impl $crate::dialect::kubefed::api::KnownFields for $name {}
    };
    (@fields $(#[$about:meta])* $name:ident {
        $($(#[$about_field:meta])* $field:ident: $type:ty = $key:tt,)+
    }) => {
        $(#[$about])*
        #[derive(
            Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub struct $name {
            $(
                $(#[$about_field])*
                #[serde(rename = $key, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )+
            /// The fields that are not known here, as they were.
            #[serde(flatten)]
            pub unknown: $crate::dialect::kubefed::api::Unknown,
        }
    };
}

/// Declares that a type is a document, and for a fixed kind which.
macro_rules! document {
    ($name:ident) => {
        impl $crate::dialect::kubefed::api::Document for $name {
            fn metadata(&self) -> Option<&$crate::dialect::kubefed::api::ObjectMeta> {
                self.metadata.as_ref()
            }
        }
    };
    ($name:ident, $api_version:literal) => {
        $crate::dialect::kubefed::api::document::document!($name);

        impl $name {
            /// The `apiVersion` of these documents.
            pub const API_VERSION: &'static str = $api_version;

            /// The `kind` of these documents.
            pub const KIND: &'static str = stringify!($name);
        }
    };
}

pub(super) use {document, object, silent_object};
