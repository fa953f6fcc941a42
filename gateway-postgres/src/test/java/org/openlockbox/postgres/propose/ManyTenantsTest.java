package org.openlockbox.postgres.propose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.fence.FencePlan;

/// Whether a draft joins the views of a table with its parent: where each of many tenants has few
/// of many rows, by what PostgreSQL counted.
class ManyTenantsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create table person (id int primary key, tenant_id int not null, nick text);
      create table note (id int primary key, person_id int not null references person);
      create table line (id int primary key, note_id int not null references note);
      create table badge (id int primary key, person_id int not null references person);
      insert into person select n, n % ${tenants}, 'n' || n from generate_series(1, 3000) n;
      insert into note select n, 1 + n % 3000 from generate_series(1, 15000) n;
      insert into line select n, n from generate_series(1, 15000) n;
      insert into badge select n, n from generate_series(1, 3000) n;
      """;

  private ProposedDatabase database = new ProposedDatabase("many_tenants", "");

  private void fill(int tenants) {
    database.asSuperuser(SCHEMA.replace("${tenants}", Integer.toString(tenants)));
  }

  private static List<String> joined(String yaml) {
    return List.of("badge", "line", "note", "person").stream()
        .filter(
            name ->
                ProposedDatabase.spec(yaml)
                    .table(new TableName("public", name))
                    .orElseThrow()
                    .joinsParent())
        .toList();
  }

  @Test
  void tablesOfManyTenantsAreJoinedWithTheirParents() {
    fill(200);
    assertThat(joined(database.proposed())).as("nothing counted yet").isEmpty();
    database.asSuperuser("analyze");
    String yaml = database.proposed();
    assertThat(joined(yaml)).containsExactly("line", "note");
    assertThat(yaml).contains("joinParent: true  # each of many tenants has few of many rows");
    assertThat(database.proposed(ProposedDatabase.UNSAMPLED)).contains("joinParent: true");
    assertThat(database.planned(yaml)).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void tablesOfAFewTenantsAreNot() {
    fill(5);
    database.asSuperuser("analyze");
    assertThat(joined(database.proposed())).isEmpty();
  }
}
