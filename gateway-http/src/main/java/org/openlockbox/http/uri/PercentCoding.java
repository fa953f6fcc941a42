package org.openlockbox.http.uri;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import java.util.Optional;

/// Percent-encoding (RFC 3986, section 2.1) with one form for each text. What has a second form is
/// not decoded: two programs could read it differently.
final class PercentCoding {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String PLAIN = "-._~!$'()*,:@";

  private PercentCoding() {}

  /// The text that is written so; empty unless it is valid UTF-8 without control characters, and
  /// [#encode] gives these very characters back.
  static Optional<String> decode(String raw) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < raw.length(); i++) {
      char each = raw.charAt(i);
      if (each != '%') {
        bytes.write(each);
      } else if (i + 2 < raw.length() && isHex(raw.charAt(i + 1)) && isHex(raw.charAt(i + 2))) {
        bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    return utf8(bytes.toByteArray())
        .filter(text -> text.chars().noneMatch(Character::isISOControl))
        .filter(text -> encode(text).equals(raw));
  }

  private static boolean isHex(char each) {
    return HexFormat.isHexDigit(each);
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// The one way to write this text: letters, digits and few marks as they are, all else encoded.
  static String encode(String text) {
    var written = new StringBuilder();
    for (byte each : text.getBytes(UTF_8)) {
      if (isPlain(each)) {
        written.append((char) each);
      } else {
        written.append('%').append(HEX.toHexDigits(each));
      }
    }
    return written.toString();
  }

  private static boolean isPlain(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || PLAIN.indexOf(each) >= 0;
  }
}
