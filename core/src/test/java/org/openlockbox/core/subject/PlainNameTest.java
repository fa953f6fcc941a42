package org.openlockbox.core.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainNameTest {
  private static final SubjectId ID = new SubjectId("eve@vendor.example");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ana",
        "Ana-María O'Brien",
        "Müller & Söhne GmbH",
        "Example Helpdesk Ltd.",
        "山田 太郎",
        "お客様サポート",
        "NTTデータ",
        "Ирина Петрова",
        "eve@vendor.example",
        "Engineer 1"
      })
  void namesOfPeopleAndCompaniesAreNames(String name) {
    assertThat(new EngineerName(name).text()).isEqualTo(name);
    assertThat(EngineerName.of(name, ID).text()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " Ana",
        "Ana  B",
        "Ana\nLevel masked",
        "Ana\u00a0B",
        "\u2800",
        "Ana (approved by your CISO)",
        "Ana, approved",
        "Ana: approved",
        "\u201cAna\u201d",
        "<b>Ana</b>",
        "J\u043ehn",
        "Ana\u202e",
        "a123456789b123456789c123456789d123456789e123456789f123456789g1234"
      })
  void whatCouldPassForASentenceIsNone(String text) {
    assertThatThrownBy(() -> new EngineerName(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatADirectorySaysIsMadeAName() {
    assertThat(EngineerName.of("Doe, Jane (EXT)", ID).text()).isEqualTo("Doe Jane EXT");
    assertThat(EngineerName.of("\u201c\u201d ()", ID).text()).isEqualTo(ID.value());
    assertThat(EngineerName.of("J\u043ehn", ID).text()).as("mixed alphabets").isEqualTo(ID.value());
    assertThat(EngineerName.of("x".repeat(100), ID).text()).hasSize(64);
  }
}
