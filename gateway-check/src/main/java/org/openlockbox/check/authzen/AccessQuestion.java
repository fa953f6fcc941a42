package org.openlockbox.check.authzen;

import java.util.Map;

/// One question of the API: may this subject do this with this resource? What is searched for has
/// no id.
record AccessQuestion(Entity subject, ActionName action, Entity resource) {
  /// @param type what the caller calls such things
  /// @param id empty if it is searched for
  record Entity(String type, String id) {
    static Entity read(JsonBody body) {
      var _ = body.optionalObject("properties");
      return new Entity(body.text("type"), body.text("id"));
    }

    /// An id that is sent all the same is ignored.
    static Entity searched(JsonBody body) {
      var _ = body.optionalObject("properties");
      return new Entity(body.text("type"), "");
    }
  }

  /// @param properties those that are single values
  record ActionName(String name, Map<String, String> properties) {
    static ActionName read(JsonBody body) {
      Map<String, String> properties =
          body.optionalObject("properties").map(JsonBody::scalars).orElse(Map.of());
      return new ActionName(body.text("name"), properties);
    }
  }

  /// Reads a whole question.
  ///
  /// @throws MalformedQuestion if something is missing
  static AccessQuestion read(JsonBody body) {
    var _ = body.optionalObject("context");
    return new AccessQuestion(
        Entity.read(body.object("subject")),
        ActionName.read(body.object("action")),
        Entity.read(body.object("resource")));
  }
}
