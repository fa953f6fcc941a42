package org.openlockbox.postgres.personal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameWordsTest {
  @ParameterizedTest
  @CsvSource({
    "first_name, first name",
    "firstName, first name",
    "First Name, first name",
    "URL, url",
    "card_last4, card last4",
    "tenantId, tenant id",
  })
  void aNameIsReadInWords(String name, String words) {
    assertThat(NameWords.of(name).text()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "customers, customer",
    "categories, category",
    "user_addresses, user address",
    "boxes, box",
    "status, status",
    "class, class",
  })
  void aTableIsNamedForOneRow(String name, String singular) {
    assertThat(NameWords.of(name).singular().text()).isEqualTo(singular);
  }

  @ParameterizedTest
  @CsvSource({
    "group_id, group",
    "userGroupId, user group",
    "group_ids, group",
    "userid, user",
    "guid, ''",
    "id, ''",
    "name, ''",
  })
  void aLinkNamesItsTarget(String name, String target) {
    assertThat(NameWords.of(name).target()).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({"owner_type, owner", "subjectKind, subject", "type, ''", "owner_id, ''"})
  void aColumnNamesTheTableOfAnother(String name, String kindOf) {
    assertThat(NameWords.of(name).kindOf()).isEqualTo(kindOf);
  }

  @ParameterizedTest
  @CsvSource({
    "tbl_users, user",
    "UserEntity, user",
    "entities, entity",
    "user_addresses, user address"
  })
  void aTablesNameIsReadWithoutNoise(String name, String row) {
    assertThat(NameWords.of(name).row()).containsExactly(row.split(" "));
  }
}
