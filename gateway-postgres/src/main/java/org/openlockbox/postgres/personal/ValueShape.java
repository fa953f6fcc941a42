package org.openlockbox.postgres.personal;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a text looks like, whatever it says. A value has as many shapes as fit it.
enum ValueShape {
  /// An e-mail address and nothing else.
  EMAIL("e-mail addresses"),
  /// A text with an e-mail address or a card number in it.
  CONTACT_INSIDE("e-mail addresses or card numbers inside"),
  /// A telephone number, written with a plus or separators.
  PHONE("telephone numbers"),
  /// A payment card's number or an IBAN, by its check digits.
  CARD("card or account numbers"),
  /// An IP address.
  IP("IP addresses"),
  /// Two or three words with capitals, as people are called.
  PERSON("names"),
  /// A private key, a signed token, or a password's hash by its prefix.
  SECRET("keys, tokens or password hashes"),
  /// A long word without meaning: a token, or a hash.
  OPAQUE("tokens or hashes"),
  /// JSON or XML.
  DOCUMENT("documents"),
  /// A sentence.
  PROSE("sentences");

  private static final Pattern MAIL =
      Pattern.compile("[\\p{L}\\p{N}._%+'-]{1,64}@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+");
  private static final Pattern PHONE_NUMBER =
      Pattern.compile("(\\+|00|\\(?0)[0-9][0-9 ()./-]{5,20}[0-9]");
  private static final Pattern CARD_NUMBER =
      Pattern.compile("(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])");
  private static final Pattern IBAN = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}|(?=.*::|(.*:){7})[0-9a-fA-F:]{3,39}");
  private static final Pattern PEOPLE =
      Pattern.compile(
          "\\p{Lu}[\\p{L}'’-]*\\.?( (\\p{Lu}[\\p{L}'’-]*\\.?|von|van|de|del|da|bin)){1,3}");
  private static final Pattern KEPT_SECRET =
      Pattern.compile(
          "\\$2[abxy]\\$[0-9]{2}\\$.*|\\$(argon2|scrypt|pbkdf2|5|6|1|y|bcrypt).*|(scrypt|argon2|pbkdf2|bcrypt|sha1|md5)[a-z0-9_:-]*\\$.*"
              + "|\\{(SSHA|SHA|SMD5|CRYPT|bcrypt)[^}]*\\}.*|SCRAM-SHA-256\\$.*"
              + "|eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*\\.?.*|.*-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
              + "|(gh[pousr]_|sk_live_|sk_test_|rk_live_|xox[abprs]-|glpat-|AKIA|whsec_)[A-Za-z0-9_-]{10,}",
          Pattern.DOTALL);
  private static final Pattern LONG_WORD = Pattern.compile("[A-Za-z0-9+/_=.-]{24,}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final String words;

  ValueShape(String words) {
    this.words = words;
  }

  /// What many of such values are, for a comment.
  String words() {
    return words;
  }

  static Set<ValueShape> of(String value) {
    String text = value.strip();
    Set<ValueShape> shapes = EnumSet.noneOf(ValueShape.class);
    if (text.isEmpty()) {
      return shapes;
    }
    add(shapes, EMAIL, MAIL.matcher(text).matches());
    add(shapes, PHONE, isPhone(text));
    add(shapes, CARD, isCard(text) || isIban(text));
    add(shapes, IP, ADDRESS.matcher(text).matches());
    add(shapes, PERSON, text.length() <= 60 && PEOPLE.matcher(text).matches());
    add(shapes, SECRET, KEPT_SECRET.matcher(text).matches());
    add(shapes, DOCUMENT, isDocument(text));
    add(shapes, PROSE, text.split("\\s+", 7).length >= 5);
    if (shapes.isEmpty()) {
      add(shapes, OPAQUE, isOpaque(text));
    }
    boolean whole = shapes.contains(EMAIL) || shapes.contains(CARD);
    add(shapes, CONTACT_INSIDE, !whole && holdsContact(text));
    return shapes;
  }

  private static void add(Set<ValueShape> shapes, ValueShape shape, boolean fits) {
    if (fits) {
      shapes.add(shape);
    }
  }

  private static boolean isPhone(String text) {
    return PHONE_NUMBER.matcher(text).matches()
        && text.chars().anyMatch(letter -> "+ ()./-".indexOf(letter) >= 0)
        && text.chars().filter(Character::isDigit).distinct().count() > 2;
  }

  private static boolean isDocument(String text) {
    char first = text.charAt(0);
    return (first == '{' || first == '<' || first == '[') && text.length() > 2;
  }

  private static boolean holdsContact(String text) {
    return MAIL.matcher(text).find()
        || CARD_NUMBER
            .matcher(UUID.matcher(text).replaceAll(""))
            .results()
            .anyMatch(found -> isCard(found.group()));
  }

  /// Letters and digits mixed, and no identifier that every application writes.
  private static boolean isOpaque(String text) {
    return LONG_WORD.matcher(text).matches()
        && !UUID.matcher(text).matches()
        && text.chars().anyMatch(Character::isDigit)
        && text.chars().filter(Character::isDigit).count() * 10 >= text.length()
        && text.chars().anyMatch(Character::isLetter);
  }

  /// ISO/IEC 7812: the sum of the digits, each second one doubled, is a multiple of ten.
  private static boolean isCard(String text) {
    Matcher number = CARD_NUMBER.matcher(text);
    String digits = text.replaceAll("[ -]", "");
    if (!number.matches()
        || digits.chars().distinct().count() < 2
        || "0178".indexOf(digits.charAt(0)) >= 0) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = 2 * digit;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }

  /// ISO 13616: the number that the letters and digits make has the remainder 1 by 97.
  private static boolean isIban(String text) {
    String plain = text.replace(" ", "").toUpperCase(Locale.ROOT);
    if (!IBAN.matcher(plain).matches()) {
      return false;
    }
    var digits = new StringBuilder();
    (plain.substring(4) + plain.substring(0, 4))
        .chars()
        .forEach(letter -> digits.append(Character.digit(letter, 36)));
    return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }
}
