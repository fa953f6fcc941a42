package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Asks the catalogue's own reader, and the checks before a plan, about each table of a draft. So
/// what is drafted is what they accept, whatever they learn to accept.
final class DraftCheck {
  private final DraftHead head;
  private final DatabaseSchema schema;

  DraftCheck(DraftHead head, DatabaseSchema schema) {
    this.head = head;
    this.schema = schema;
  }

  /// Why a table cannot stand in the catalogue like this; empty if it can.
  ///
  /// @param ancestors the tables that it takes its tenant through, or leads to
  Optional<String> refusal(TableDraft table, List<TableDraft> ancestors) {
    var tables = new ArrayList<TableDraft>();
    ancestors.forEach(ancestor -> tables.add(ancestor.referring(List.of())));
    tables.add(table);
    ResourceSpec spec;
    try {
      spec = parse(DraftWriter.write(head, tables, List.of(), List.of()));
    } catch (YamlProblem e) {
      return Optional.of(e.what());
    }
    return FencePlan.obstacles(spec, schema).stream().map(Deviation::toString).findFirst();
  }

  /// What the check will say about a whole draft besides.
  List<Deviation> remarks(String yaml) {
    return FencePlan.remarks(parse(yaml), schema);
  }

  static ResourceSpec parse(String yaml) {
    return Catalogue.parse("the draft", yaml).resources().getFirst().places().getFirst();
  }
}
