package org.openlockbox.server.notify;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.message.MailReader;
import org.openlockbox.server.notify.message.MailWords;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How whoever gets mail at an address reads it.
public final class MailReaders {
  private final JdbcClient jdbc;
  private final BiPredicate<TenantId, String> terminals;
  private final String program;

  /// @param terminals whether who reads mail of this tenant at this address types commands
  /// @param program what they type to start the command line
  public MailReaders(JdbcClient jdbc, BiPredicate<TenantId, String> terminals, String program) {
    this.jdbc = jdbc;
    this.terminals = terminals;
    this.program = program;
  }

  /// Somebody who reads mail of a tenant.
  MailReader of(TenantId tenant, String address, ZoneId zone, boolean links) {
    var words = MailWords.in(language(Optional.of(tenant), address, Optional.empty()));
    return new MailReader(words, zone, links, terminals.test(tenant, address), program);
  }

  /// One person, whoever's they are: with links, and commands if there are any.
  MailReader of(Optional<TenantId> tenant, String address, ZoneId zone) {
    var words = MailWords.in(language(tenant, address, Optional.empty()));
    return new MailReader(words, zone, true, true, program);
  }

  /// Whoever is meant by what was done on a page in this language: a code is asked for there, or
  /// somebody is invited.
  MailReader before(Optional<TenantId> tenant, String address, Locale page) {
    var words = MailWords.in(language(tenant, address, Optional.of(page)));
    return new MailReader(words, ZoneOffset.UTC, true, true, program);
  }

  /// The language that the person at this address chose; else that of the page; else that of the
  /// browser in which they first came in; else that of most people of their organisation, or of
  /// this one where the address is nobody's; else English.
  private Locale language(Optional<TenantId> tenant, String address, Optional<Locale> page) {
    var tag =
        jdbc.sql(
                """
                with reader as (
                  select tenant_id, language, language_chosen from person
                   where address = :address and left_at is null
                   order by tenant_id is not distinct from :tenant::text desc, id
                   limit 1)
                select coalesce(
                  (select language from reader where language_chosen),
                  :page::text,
                  (select language from reader),
                  (select language from person
                    where left_at is null and language is not null
                      and tenant_id is not distinct from
                            case when exists (select from reader)
                                 then (select tenant_id from reader) else :tenant::text end
                    group by language
                    order by count(*) desc, language
                    limit 1),
                  'en')
                """)
            .param("address", address.toLowerCase(Locale.ROOT))
            .param("page", page.map(Locale::getLanguage).orElse(null))
            .param("tenant", tenant.map(TenantId::value).orElse(null))
            .query(String.class)
            .single();
    return Locale.forLanguageTag(tag);
  }
}
