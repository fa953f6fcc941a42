package org.openlockbox.server.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Sign-in by a one-time code to an e-mail address. The code works once, for [#VALID], after at
/// most [#TRIES] tries, and only in the browser that asked for it: what is stored is a hash over
/// the code and that browser's secret, so neither a reader of the database nor of the mail can use
/// it.
///
/// Whether or not anybody lives at the address, the same rows are written and the same is said.
///
/// Codes are throttled by where they are asked for, so that nobody floods an address and nobody
/// locks its owner out: who asks from where they have signed in before has codes left, however many
/// strangers ask. What is refused is not counted.
public final class SignIns {
  static final Duration VALID = Duration.ofMinutes(10);
  public static final int TRIES = 5;

  /// How many codes for one address one source may ask for within [#SPAN], one source for all
  /// addresses, and all sources for one address that nobody has signed in with from there.
  static final int MOST = 5;

  static final int MOST_OF_SOURCE = 50;
  static final int MOST_FOR_ADDRESS = 20;

  static final Duration SPAN = Duration.ofMinutes(15);
  private static final Duration KNOWN = Duration.ofDays(90);
  private static final int DIGITS = 8;
  private static final int ALL_CODES = 100_000_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final People people;
  private final Predicate<Optional<TenantId>> letsCodesIn;
  private final CodeMailer mailing;
  private final InstantSource clock;
  private final RandomGenerator random;

  public SignIns(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      People people,
      Predicate<Optional<TenantId>> letsCodesIn,
      CodeMailer mailing,
      InstantSource clock,
      RandomGenerator random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.people = people;
    this.letsCodesIn = letsCodesIn;
    this.mailing = mailing;
    this.clock = clock;
    this.random = random;
  }

  /// Sends the code; called inside the transaction that keeps its hash.
  @FunctionalInterface
  public interface CodeMailer {
    void send(SignInStart asked, String code, long attempt);
  }

  /// Where a code is asked for, and where it goes.
  ///
  /// @param language what the browser reads; whoever chose a language in the portal reads theirs
  public record SignInStart(
      Secret browser, MailAddress address, ClientNetwork source, Locale language) {}

  /// Sends a code to the address, if somebody lives there; false, whoever lives there, if too many
  /// were asked for.
  public boolean start(SignInStart asked) {
    return Boolean.TRUE.equals(transaction.execute(_ -> startOnce(asked, clock.instant())));
  }

  private boolean startOnce(SignInStart asked, Instant now) {
    var browser = asked.browser();
    var address = asked.address();
    var source = asked.source();
    if (isTooOften(address, source, now)) {
      return false;
    }
    var code = "%0".concat(DIGITS + "d").formatted(random.nextInt(ALL_CODES));
    long attempt =
        jdbc.sql(
                """
            insert into sign_in (browser, address, source, code, tries, created_at, expires_at)
            values (?, ?, ?, ?, 0, ?, ?)
            returning id
            """)
            .params(
                browser.hash(),
                address.value(),
                source.value(),
                hash(browser, code),
                now.atOffset(ZoneOffset.UTC),
                now.plus(VALID).atOffset(ZoneOffset.UTC))
            .query(Long.class)
            .single();
    if (!withCodesAt(address).isEmpty()) {
      mailing.send(asked, code, attempt);
    }
    return true;
  }

  private List<Person> withCodesAt(MailAddress address) {
    return people.withCodesAt(address).stream()
        .filter(person -> letsCodesIn.test(person.tenant()))
        .toList();
  }

  private boolean isTooOften(MailAddress address, ClientNetwork source, Instant now) {
    return jdbc.sql(
            """
            select count(*) filter (where address = :address and source = :source) >= :most
                or count(*) filter (where source = :source) >= :mostOfSource
                or count(*) filter (where address = :address) >= :mostForAddress
                   and not exists (select from known_source
                                    where address = :address and source = :source)
              from sign_in
             where created_at > :since and (address = :address or source = :source)
            """)
        .param("address", address.value())
        .param("source", source.value())
        .param("most", MOST)
        .param("mostOfSource", MOST_OF_SOURCE)
        .param("mostForAddress", MOST_FOR_ADDRESS)
        .param("since", now.minus(SPAN).atOffset(ZoneOffset.UTC))
        .query(Boolean.class)
        .single();
  }

  /// Somebody at this address has signed in from where this code was asked for.
  private void know(long attempt) {
    jdbc.sql(
            """
            insert into known_source (address, source, seen_at)
            select address, source, proved_at from sign_in where id = ?
            on conflict (address, source) do update set seen_at = excluded.seen_at
            """)
        .param(attempt)
        .update();
  }

  private static byte[] hash(Secret browser, String code) {
    return browser.derived("code " + code).toArray();
  }

  private record ExpectedCode(long id, Bytes code, MailAddress address) {}

  /// Who has proved to be at the address they named: nobody, or all who share it. Each try counts,
  /// whatever comes of it; only the newest code of a browser is good.
  public List<Person> prove(Secret browser, String code) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    var expected =
        jdbc.sql(
                """
                update sign_in set tries = tries + 1
                 where id = (select max(id) from sign_in where browser = ?)
                   and expires_at > ? and tries < ? and proved_at is null
                returning id, code, address
                """)
            .params(browser.hash(), now, TRIES)
            .query(
                (row, n) ->
                    new ExpectedCode(
                        row.getLong("id"),
                        Bytes.of(row.getBytes("code")),
                        new MailAddress(row.getString("address"))))
            .optional();
    var given = Bytes.of(hash(browser, code.replaceAll("[^0-9]", "")));
    if (expected.filter(one -> one.code.equalsInConstantTime(given)).isEmpty()) {
      return List.of();
    }
    int first =
        jdbc.sql("update sign_in set proved_at = ? where id = ? and proved_at is null")
            .params(now, expected.get().id)
            .update();
    if (first != 1) {
      return List.of();
    }
    know(expected.get().id);
    return withCodesAt(expected.get().address);
  }

  /// The same people again, for one who shares an address to choose which of them to be; once.
  public List<Person> proved(Secret browser) {
    return jdbc.sql(
            """
            delete from sign_in where browser = ? and proved_at is not null and expires_at > ?
            returning address
            """)
        .params(browser.hash(), clock.instant().atOffset(ZoneOffset.UTC))
        .query((row, n) -> withCodesAt(new MailAddress(row.getString("address"))))
        .optional()
        .orElse(List.of());
  }

  /// Deletes what is over, and no longer counts against its address.
  public void forgetOld() {
    jdbc.sql("delete from sign_in where created_at <= ? and expires_at <= ?")
        .params(
            clock.instant().minus(SPAN).atOffset(ZoneOffset.UTC),
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
    jdbc.sql("delete from known_source where seen_at <= ?")
        .param(clock.instant().minus(KNOWN).atOffset(ZoneOffset.UTC))
        .update();
  }
}
