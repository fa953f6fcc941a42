package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// What is damaged in the log of one tenant hurts no other.
final class DamagedLogTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant DAMAGED = new TestTenant(SERVER, "damaged", 1);
  private static final TestTenant UNREAD = new TestTenant(SERVER, "unread", 1);
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static Json statement(TestGateway gateway, TestTenant tenant, SessionId session) {
    var text = TestGateway.sql("select 1");
    return gateway.entry(tenant, TestGateway.statement(session, 0, text), text);
  }

  /// What the database does with each new row of a table that is the damaged tenant's.
  private static void refuseRows(String table, String why) {
    SERVER.execute(
        """
        create function damaged() returns trigger language plpgsql as $$
        begin
          if new.tenant_id in ('damaged', 'unread') then
            raise exception 'damaged' using errcode = '%s';
          end if;
          return new;
        end $$;
        create trigger damaged before insert or update on %s
           for each row execute function damaged()
        """
            .formatted(why, table));
  }

  private static void takeRows(String table) {
    SERVER.execute("drop trigger damaged on %s; drop function damaged()".formatted(table));
  }

  /// One call for both: they begin to wait in the same moment. The states are an exception, an I/O
  /// error of a block, and a statement that takes too long.
  @ParameterizedTest
  @ValueSource(strings = {"P0001", "58030", "57014"})
  void aDamagedLogKeepsNoOtherOfItsRoundUnsigned(String state) {
    var gateway = TestGateway.leased(SERVER);
    var here = gateway.open(DAMAGED, DAMAGED.approved());
    var there = gateway.open(ACME, ACME.approved());
    refuseRows("log_checkpoint", state);
    var both = gateway.append(statement(gateway, DAMAGED, here), statement(gateway, ACME, there));
    var indices = TestGateway.indices(both);
    try {
      ACME.checkpoint(indices.getLast() + 1);
    } finally {
      takeRows("log_checkpoint");
    }
    DAMAGED.checkpoint(indices.getFirst() + 1);
  }

  /// Changes the hashes that the log goes on from: those in its newest batch.
  private static void damageHead(String tenant, String range) {
    SERVER.execute(
        """
        create table whole as
          select first_seq, root, range from log_batch where tenant_id = '%1$s' order by first_seq desc limit 1;
        alter table log_batch disable trigger user;
        update log_batch set range = %2$s, root = sha256(root) where tenant_id = '%1$s' and first_seq = (select first_seq from whole);
        alter table log_batch enable trigger user
        """
            .formatted(tenant, range));
  }

  private static void mendHead(String tenant) {
    SERVER.execute(
        """
        alter table log_batch disable trigger user;
        update log_batch b set range = w.range, root = w.root
          from whole w where b.tenant_id = '%s' and b.first_seq = w.first_seq;
        alter table log_batch enable trigger user;
        drop table whole
        """
            .formatted(tenant));
  }

  private static void damageEntry(String tenant, long first) {
    SERVER.execute(
        """
        alter table log_batch disable trigger user;
        update log_batch set entries = set_byte(entries, octet_length(entries) - 1, 0)
         where tenant_id = '%s' and first_seq = %d;
        alter table log_batch enable trigger user
        """
            .formatted(tenant, first));
  }

  /// What a gateway relies on when it sends the share of each tenant by itself.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "fault; range || '\\x00'",
        "log_rolled_back; decode(repeat('00', octet_length(range)), 'hex')"
      })
  void aCallThatFailsForOneTenantIsCommittedOnceForEachOtherThatIsSentByItself(
      String code, String range) {
    var id = code.equals("fault") ? "hurt" : "hurt-too";
    var hurt = new TestTenant(SERVER, id, 1);
    var gateway = TestGateway.leased(SERVER);
    var here = gateway.open(hurt, hurt.approved());
    var there = gateway.open(ACME, ACME.approved());
    var ofHurt = statement(gateway, hurt, here);
    var ofAcme = statement(gateway, ACME, there);
    long before = ACME.verifiedLog().size();
    damageHead(id, range);
    try {
      assertThat(gateway.append(ofHurt, ofAcme).code()).isEqualTo(code);
      var indices = TestGateway.indices(gateway.append(ofAcme));
      assertThat(indices).containsExactly(before);
      assertThat(gateway.append(ofHurt).code()).isEqualTo(code);
      assertThat(TestGateway.indices(gateway.append(ofAcme))).isEqualTo(indices);
    } finally {
      mendHead(id);
    }
    assertThat(ACME.verifiedLog()).hasSize((int) before + 1);
    var late = TestGateway.indices(gateway.append(ofHurt));
    assertThat(TestGateway.indices(gateway.append(ofHurt, ofAcme))).containsAll(late);
    hurt.verifiedLog();
    ACME.verifiedLog();
  }

  @Test
  void whereItCannotBeReadWhatEndedAllSessionsOfThatTenantEndAndTheLeaseOfOthersGoesOn() {
    var blind = new TestTenant(SERVER, "blind", 1);
    var gateway = TestGateway.leased(SERVER);
    var revoked = blind.approved();
    var ended = gateway.open(blind, revoked);
    var beside = gateway.open(blind, blind.approved());
    var other = ACME.approved();
    gateway.open(ACME, other);
    long seen = blind.verifiedLog().size();
    long seenThere = ACME.verifiedLog().size();
    assertThat(blind.revoke(revoked).status()).isEqualTo(200);
    damageEntry("blind", seen);
    assertThat(ACME.revoke(other).status()).isEqualTo(200);

    var answer = gateway.lease(TestGateway.watch(blind, seen), TestGateway.watch(ACME, seenThere));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    for (var tenant : answer.json().objects("tenants")) {
      if (tenant.text("tenant").equals("blind")) {
        assertThat(tenant.texts("stopSessions"))
            .containsExactlyInAnyOrder(ended.value(), beside.value());
      } else {
        assertThat(tenant.texts("ended")).contains(TestTenant.ref(other).id().value());
      }
    }
  }

  @Test
  void aSessionThatCannotBeMarkedLostKeepsNoOtherFromIt() {
    var torn = new TestTenant(SERVER, "torn", 1);
    var old = TestGateway.leased(SERVER);
    var here = old.open(torn, torn.approved());
    var first = TestGateway.indices(old.append(statement(old, torn, here))).getFirst();
    var there = old.open(ACME, ACME.approved());
    damageEntry("torn", first);
    TestGateway.leased(SERVER);
    assertThat(ACME.verifiedLog().getLast().body())
        .isEqualTo(new SessionEvent.Lost(there, "gateway gw-1 is gone"));
  }

  private static long inEpoch(TestTenant tenant) {
    return Long.parseLong(
        SERVER
            .rows(
                """
                select s.size from epoch_slot s join tenant t on t.slot = s.slot where t.id = '%s'
                """
                    .formatted(tenant.id.value()))
            .getFirst());
  }

  /// An epoch is over what was published, so its own log is in it as well.
  @Test
  void aHeadThatCannotBeReadKeepsNoLogFromTheNextEpoch() {
    var dark = new TestTenant(SERVER, "dark", 1);
    dark.ask("helpdesk");
    ACME.ask("helpdesk");
    damageHead("dark", "range || '\\x00'");
    try {
      SERVER.server(0).buildEpoch();
      assertThat(inEpoch(ACME)).isEqualTo(ACME.verifiedLog().size());
      assertThat(inEpoch(dark)).isEqualTo(dark.verifiedLog().size());
    } finally {
      mendHead("dark");
    }
  }

  @Test
  void aServerStartsForAllOthersWhereOneHeadCannotBeRead() {
    var gone = new TestTenant(SERVER, "gone", 1);
    assertThat(gone.ask("helpdesk").status()).isEqualTo(201);
    SERVER.server(0).buildEpoch();
    var heads = SERVER.remembering();
    damageHead("gone", "range || '\\x00'");
    try {
      var another = SERVER.startOver(heads);
      another.buildEpoch();
      assertThat(ACME.ask("helpdesk").status()).isEqualTo(201);
    } finally {
      mendHead("gone");
    }
  }

  /// Also where the database says that a block could not be read, or that a row is locked.
  @ParameterizedTest
  @ValueSource(strings = {"58030", "55P03"})
  void aSessionThatTheDatabaseCannotMarkLostKeepsNoOtherFromIt(String state) {
    var old = TestGateway.leased(SERVER);
    old.open(UNREAD, UNREAD.approved());
    var there = old.open(ACME, ACME.approved());
    refuseRows("session", state);
    try {
      assertThat(TestGateway.unleased(SERVER, "gw-1").lease().status()).isEqualTo(200);
      assertThat(ACME.verifiedLog().getLast().body())
          .isEqualTo(new SessionEvent.Lost(there, "gateway gw-1 is gone"));
    } finally {
      takeRows("session");
    }
  }
}
