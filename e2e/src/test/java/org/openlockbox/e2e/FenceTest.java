package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;

/// What an engineer may type in an approved session and still not get, because the database itself
/// says no.
@ExtendWith(SharedDemo.class)
class FenceTest {
  /// What is typed, and the SQLSTATE that answers.
  private static final Map<String, String> REFUSED = refused();

  private static Map<String, String> refused() {
    var refused = new LinkedHashMap<String, String>();
    refused.put("insert into tickets (status) values ('new')", "42501");
    refused.put("update tickets set status = 'closed'", "42501");
    refused.put("delete from tickets", "42501");
    refused.put("truncate tickets", "25006");
    refused.put("copy customers from program 'id'", "42501");
    refused.put("copy (select 1) to '/tmp/x'", "42501");
    refused.put("set role lockbox_gateway", "42501");
    refused.put("set session authorization postgres", "42501");
    refused.put("select * from helpdesk.customers", "42501");
    refused.put("select * from lb_read.customers", "42501");
    refused.put("select * from lb.binding", "42501");
    refused.put("select * from pg_authid", "42501");
    refused.put("select pg_read_file('/etc/passwd')", "42501");
    refused.put("create temp table x (i int)", "25006");
    return refused;
  }

  @Test
  void theDatabaseItselfRefuses(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M --expert");
    assertThat(states(demo, id)).containsExactlyElementsOf(REFUSED.values());
  }

  @Test
  void theGatewayRefusesBeforeTheDatabaseDoes(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    assertThat(states(demo, id)).hasSameSizeAs(REFUSED.keySet()).containsOnly("42501");
  }

  private static List<String> states(Demo demo, String id) throws IOException {
    String lines = String.join(";\n", REFUSED.keySet()) + ";\n";
    Files.writeString(demo.desk().resolve("attacks.sql"), "\\set VERBOSITY sqlstate\n" + lines);
    Answer answer = demo.terminal("engineer").types("lockbox psql " + id + " -- -f attacks.sql");
    List<String> states =
        answer
            .err()
            .lines()
            .filter(line -> line.contains("ERROR:"))
            .map(line -> line.substring(line.indexOf("ERROR:") + 6).strip())
            .toList();
    assertThat(answer.out()).doesNotContain("INSERT", "UPDATE", "COPY", "SET ");
    return states;
  }

  @Test
  void copyFromStdinIsRefused(Demo demo) {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    demo.terminal("engineer")
        .types("echo 1 | lockbox psql " + id + " -- -c '\\copy tickets from stdin'")
        .ends(1)
        .says("COPY IN is not allowed at level masked");
  }

  @Test
  void otherTenantsIdsFindNothing(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "read", "--for PT10M");
    String foreign;
    try (var helpdesk = demo.helpdesk();
        var statement = helpdesk.createStatement();
        var rows =
            statement.executeQuery("select min(id) from helpdesk.customers where tenant_id = 2")) {
      rows.next();
      foreign = rows.getString(1);
    }
    String found =
        demo.terminal("engineer")
            .types(
                "lockbox psql "
                    + id
                    + " -- -At -c 'select count(*) from customers where id = %s'".formatted(foreign)
                    + " -c 'select count(*) from customers where tenant_id <> 1'"
                    + " -c 'select string_agg(slug, $$,$$) from tenants'")
            .ok();
    assertThat(found.lines()).containsExactly("0", "0", "acme");
  }

  @Test
  void copyToStdoutPasses(Demo demo) {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    Answer copied =
        demo.terminal("engineer")
            .types(
                "lockbox psql "
                    + id
                    + " -- -c 'copy (select id, email from customers order by id limit 5) to stdout'");
    assertThat(copied.ok().lines()).hasSize(5).allMatch(line -> line.contains("***@"));
  }

  @Test
  void theRowBudgetEndsAResult(Demo demo) {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M --rows 100");
    Answer answer =
        demo.terminal("engineer")
            .types(
                "lockbox psql "
                    + id
                    + " -- -v VERBOSITY=verbose -v FETCH_COUNT=10 -At -c 'select id from customers'");
    answer.ends(1).says("53400");
    assertThat(answer.lines()).hasSizeLessThanOrEqualTo(100);
  }
}
