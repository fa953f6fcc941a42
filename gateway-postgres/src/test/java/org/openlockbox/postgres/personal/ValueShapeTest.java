package org.openlockbox.postgres.personal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each shape has values that have it and values that only look so. The numbers are of no one: test
/// numbers of card schemes, and numbers that are kept for examples.
class ValueShapeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ada@example.com                                 | EMAIL",
        "  o'neil+news@mail.example.org                  | EMAIL",
        "write to ada@example.com, please                | CONTACT_INSIDE",
        "paid with 4111 1111 1111 1111 in May            | CONTACT_INSIDE",
        "+44 20 7946 0958                                | PHONE",
        "(030) 901820-33                                 | PHONE",
        "5555-5555-5555-4444                             | CARD",
        "GB82 WEST 1234 5698 7654 32                     | CARD",
        "192.0.2.17                                      | IP",
        "2001:db8::1                                     | IP",
        "Ada Lovelace                                    | PERSON",
        "Ludwig van Beethoven                            | PERSON",
        "$2b$12$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQr | SECRET",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA    | SECRET",
        "scrypt$0f343b0931126a20f133d67c2b018a3b         | SECRET",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0   | SECRET",
        "glpat-0123456789abcdefghij                      | SECRET",
        "0f343b0931126a20f133d67c2b018a3b                | OPAQUE",
        "hd_5feceb66ffc86f38d952786c6d696c79c2dbc239     | OPAQUE",
        "{\"a\": 1}                                      | DOCUMENT",
        "The customer called twice about it              | PROSE",
      })
  void aValueHasItsShape(String value, ValueShape shape) {
    assertThat(ValueShape.of(value)).contains(shape);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "active",
        "O-1187",
        "2026-11-30",
        "12:30:15",
        "4111111111111112",
        "0000000000000000",
        "7f3f2a9e-8c3b-4d6b-9a70-0c5a1f2b3c4d",
        "a4111111-1111-1111-1a70-0c5a1f2b3c4d",
        "org.openlockbox.postgres.personal.values",
        "10.5",
        "Berlin",
        "a@b",
      })
  void whatOnlyLooksSoHasNone(String value) {
    assertThat(ValueShape.of(value)).isEmpty();
  }
}
