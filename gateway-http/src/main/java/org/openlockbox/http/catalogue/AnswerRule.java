package org.openlockbox.http.catalogue;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.http.json.FieldRules;
import org.openlockbox.http.json.JsonPath;

/// What of a route's answer passes.
///
/// @param fields what is shown at the levels metadata and masked; at the others all of it
/// @param tenant where an answer has to say that it is of the tenant; nowhere if empty
/// @param rows what counts as a row of the budget; if empty, each answer is one
public record AnswerRule(
    FieldRules fields, List<JsonPath> tenant, AnswerForm form, Optional<JsonPath> rows) {
  public AnswerRule {
    tenant = List.copyOf(tenant);
    if (form != AnswerForm.DOCUMENT && !(tenant.isEmpty() && rows.isEmpty())) {
      throw new IllegalArgumentException(
          "an answer of the form %s is neither held against 'tenant' nor counted by 'rows'"
              .formatted(form.word()));
    }
  }

  /// An answer that counts as one row.
  public AnswerRule(FieldRules fields, List<JsonPath> tenant, AnswerForm form) {
    this(fields, tenant, form, Optional.empty());
  }

  /// Whether an access at this level sees the listed fields alone.
  public boolean isMaskedAt(Level level) {
    return !level.isWiderThan(Level.MASKED);
  }

  /// Whether all of it is read before any of it passes.
  public boolean isHeld() {
    return !tenant.isEmpty() || rows.isPresent();
  }

  /// Whether the body passes as it is, at this level.
  public boolean isWholeAt(Level level) {
    return !isHeld() && !isMaskedAt(level);
  }
}
