package org.openlockbox.postgres.personal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableNameFitTest {
  @ParameterizedTest
  @CsvSource({
    "group, groups, WHOLE, 0",
    "user group, tbl_user_groups, WHOLE, 0",
    "group, keycloak_group, END, 1",
    "group, group_of_users, BEGINNING, 2",
    "parent group, keycloak_group, COMMON_END, 2",
    "parent group, group, COMMON_END, 1",
    "group, people, NOTHING, 2",
  })
  void saysWhatOfTheNameFits(String named, String table, TableNameFit.Part part, int apart) {
    assertThat(TableNameFit.of(named, table)).isEqualTo(new TableNameFit(part, apart));
  }

  @Test
  void theBestFitIsTheSmallest() {
    var shuffled = List.of("role", "group", "user_group_role", "keycloak_user_group", "user_group");
    assertThat(
            shuffled.stream()
                .sorted(Comparator.comparing(table -> TableNameFit.of("user group", table)))
                .toList())
        .isEqualTo(shuffled.reversed());
  }
}
