package org.openlockbox.postgres.relay;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.postgres.schema.TextAsSql;

/// What the fence grants to no session, in no profile. PostgreSQL refuses it without a next step;
/// this is the step.
enum DenialHints {
  LARGE_OBJECTS(
      "function (lo_[a-z0-9_]+|loread|lowrite)",
      "Large objects are not offered at any level: no right ties one to a customer. Read and write"
          + " columns of tables."),
  WHOLE_DATABASE(
      "function pg_(try_)?(advisory_|notify|export_snapshot|logical_emit_message)[a-z0-9_]*",
      "It reaches every session of the database, not only this customer's, and is not offered at any"
          + " level."),
  TEXT_AS_SQL(
      "function (" + String.join("|", TextAsSql.load().refusedNames()) + "|cursor_to_xml(schema)?)",
      "What it runs would stand in no record: send the query itself."),
  UNSTOPPABLE(
      "function (xpath|xpath_exists|xmlexists|to_reg[a-z]+|pg_input_[a-z_]+|pg_get_object_address"
          + "|has_(type|function)_privilege)",
      "PostgreSQL could not stop it at the end of the access: give an oid in the place of a name;"
          + " read XML as text."),
  CATALOGS(
      "(table|view|function) (pg_[a-z0-9_]+|txid_[a-z_]+|(mxid_)?age)",
      "PostgreSQL's catalogs are closed here as far as they tell of others;"
          + " docs/tools.md says which tools do without, and how they are set up.");

  private final Pattern named;
  private final String hint;

  DenialHints(String named, String hint) {
    this.named = Pattern.compile(named);
    this.hint = hint;
  }

  /// The step after a right was denied to this, if the fence never grants it.
  static Optional<String> hint(String denied) {
    return Arrays.stream(values())
        .filter(never -> never.named.matcher(denied).matches())
        .map(never -> never.hint)
        .findFirst();
  }
}
