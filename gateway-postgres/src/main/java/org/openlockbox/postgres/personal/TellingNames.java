package org.openlockbox.postgres.personal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openlockbox.postgres.catalogue.Mask.SimpleMask;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.personal.ColumnDraft.Content;

/// Names of columns that say what the column holds, with the mask for it and the shapes that its
/// values should have. The first that fits counts.
enum TellingNames {
  PASSWORD(
      Content.SECRET,
      "pass(word|wd|phrase)|passwd|pwd|secret|(api|private|access|signing|encryption|secret|license)"
          + " ?key|apikey|credentials?|salt|otp|totp|mfa|recovery codes?|backup codes?|cvv|cvc"
          + "|security answer|jwt|cookies?|(access|refresh|api|auth|bearer|reset|session|invite"
          + "|invitation|confirmation|verification|remember|push|device|id|csrf)? ?tokens?"),
  MAIL(Content.PERSONAL, "e ?mail( addr(ess)?)?|mail|e ?mails"),
  PHONE(
      Content.PERSONAL,
      "(tele|mobile ?)?phone( (number|no))?|mobile( (number|no))?|telefon|tel|fax|cell|msisdn"),
  ACCOUNT(
      Content.PERSONAL,
      "(credit |debit )?card ?(number|no|pan)|card last ?4|last ?4|pan|iban|(bank )?account (number|no)"
          + "|routing number|sort code"),
  IDENTITY(
      Content.PERSONAL,
      "ssn|social security( number)?|(tax|vat|national|personal|fiscal) ?(id|number|no|code)|passport"
          + "|nino|driver s? licen[cs]e|identity (number|card)|nationality|gender|sex|religion|ethnicity"
          + "|race|disability|diagnosis|marital status|salary|income|wage"),
  BIRTH(
      Content.PERSONAL, "birth ?(date|day|place)|date of birth|dob|birth|born( on)?|geburtsdatum"),
  LOGIN(
      Content.PERSONAL,
      "user ?name|login( name)?|screen name|nick ?name|user handle|preferred username"),
  NAME(
      Content.PERSONAL,
      "(first|last|full|given|family|middle|maiden|display|sur|contact|legal|person|holder|recipient"
          + "|sender|customer|author|owner|patient|employee|guest|billing|shipping|card holder"
          + "|cardholder|contact person) ?names?|surname|forename|initials|salutation|vorname|nachname"),
  ADDRESS(
      Content.PERSONAL,
      "(?<!ip )(?<!mac )address( ?line)?( ?[0-9])?|addr|street( [a-z]+)?|strasse|zip( ?code)?|plz"
          + "|post(al)? ?code|city|town|house (number|no)|latitude|longitude|lat|lng|lon|geo ?location"
          + "|coordinates?"),
  NETWORK(
      Content.PERSONAL,
      "ip|ip ?addr(ess)?|remote (addr(ess)?|host|ip)|(client|source|last|sign in|login) ip|user agent"
          + "|mac ?address|(current|last) sign in ip"),
  PROSE(
      Content.ANYTHING,
      "notes?|comments?|remarks?|messages?|body|description|bio|biography|about( me)?|subject|content"
          + "|text|feedback|memo|transcript|summary|details?|reason|question|answer|signature|file ?name"
          + "|original ?name|attachment|payload|raw|old values?|new values?|changes|diff");

  /// Tables whose rows are people.
  static final NamePattern PEOPLE =
      new NamePattern(
          "(users?|person|people|customer|contact|patient|employee|member|agent|author|subscriber|lead"
              + "|guest|student|passenger|driver|recipient|applicant|candidate|staff|tenant user|profile"
              + "|attendee|donor|volunteer|teacher|doctor|client user|resident)( (entity|account|profile))?");

  /// Columns that name somebody, if their values look like names.
  static final NamePattern NAMING =
      new NamePattern(
          ".*(name|person|contact|author|owner|user|customer|assignee|by|recipient|sender).*");

  /// Columns whose long words are identifiers that an application shows.
  static final NamePattern REFERENCE =
      new NamePattern(
          ".*(id|uuid|guid|ref|reference|slug|code|version|number|sku|locale|path|url|uri|type|checksum"
              + "|etag|sha ?[0-9]*|md5|class|color|image|icon)");

  /// Columns that name what a column called `value` beside them holds.
  static final NamePattern PAIR =
      new NamePattern("(.* )?(name|key|attribute|property|setting|option|field|param(eter)?)");

  /// What a name goes on with when it says something about such data, and holds none.
  private static final NamePattern ABOUT =
      new NamePattern(
          ".* (type|kind|policy|count|algorithm|id|expires?|expiry|lifespan|enabled|required|verified"
              + "|confirmed|status|format|template|length|at|on|url|uri|endpoint|required action|ttl"
              + "|timeout|size|lang|language|position|order|index|version|hint|change date)");

  private static final Set<String> NETWORK_TYPES = Set.of("inet", "cidr", "macaddr", "macaddr8");

  private final Content content;
  private final Pattern names;

  TellingNames(Content content, String names) {
    this.content = content;
    this.names =
        Pattern.compile("(.* )?(" + names + ")( [0-9]+)?( (hash|digest|encrypted|value|data))?");
  }

  /// A pattern over the whole of [NameWords#text].
  record NamePattern(Pattern pattern) {
    NamePattern(String regex) {
      this(Pattern.compile(regex));
    }

    boolean matches(NameWords words) {
      return pattern.matcher(words.text()).matches();
    }
  }

  /// What the name of a column tells, if its type can hold that.
  ///
  /// @param people whether each row of the table is a person
  static Optional<TellingNames> of(SchemaColumn column, boolean people) {
    var words = NameWords.of(column.name());
    if (people && words.text().equals("name") && isText(column)) {
      return Optional.of(NAME);
    }
    for (TellingNames telling : values()) {
      if (telling.names.matcher(words.text()).matches()
          && !(telling != IDENTITY && ABOUT.matches(words))
          && telling.fits(column)) {
        return Optional.of(telling);
      }
    }
    return Optional.empty();
  }

  Content content() {
    return content;
  }

  /// What values of such columns look like.
  List<ValueShape> shapes() {
    return switch (this) {
      case PASSWORD -> List.of(ValueShape.SECRET, ValueShape.OPAQUE);
      case MAIL -> List.of(ValueShape.EMAIL);
      case PHONE -> List.of(ValueShape.PHONE);
      case ACCOUNT -> List.of(ValueShape.CARD);
      case NAME -> List.of(ValueShape.PERSON);
      case NETWORK -> List.of(ValueShape.IP);
      case PROSE -> List.of(ValueShape.PROSE, ValueShape.DOCUMENT);
      case IDENTITY, BIRTH, LOGIN, ADDRESS -> List.of();
    };
  }

  /// The mask for a column that it [#fits]; empty for what is hidden.
  Optional<SimpleMask> mask() {
    return switch (this) {
      case PASSWORD -> Optional.empty();
      case MAIL -> Optional.of(SimpleMask.EMAIL);
      case PHONE, ACCOUNT -> Optional.of(SimpleMask.LAST4);
      case LOGIN -> Optional.of(SimpleMask.HASH);
      case BIRTH -> Optional.of(SimpleMask.NULL);
      case IDENTITY, NAME, ADDRESS, NETWORK, PROSE -> Optional.of(SimpleMask.REDACT);
    };
  }

  private boolean fits(SchemaColumn column) {
    return switch (this) {
      case PASSWORD -> isText(column) || column.type().mayHoldCopies() || isList(column);
      case MAIL, PHONE, ACCOUNT, LOGIN -> isText(column);
      case BIRTH -> true;
      case IDENTITY, ADDRESS -> isText(column) || SimpleMask.HASH.fits(column.type());
      case NAME -> isText(column) || isList(column);
      case NETWORK -> isText(column) || isNetworkAddress(column);
      case PROSE -> isText(column) && !isShort(column);
    };
  }

  static boolean isNetworkAddress(SchemaColumn column) {
    return NETWORK_TYPES.contains(column.type().value().name());
  }

  private static boolean isText(SchemaColumn column) {
    return SimpleMask.EMAIL.fits(column.type());
  }

  private static boolean isList(SchemaColumn column) {
    return column.type().kind() == 'A';
  }

  /// A text that holds at most forty letters is no sentence.
  private static boolean isShort(SchemaColumn column) {
    var limit = Pattern.compile("\\(([0-9]{1,2})\\)").matcher(column.type().cast());
    return limit.find() && Integer.parseInt(limit.group(1)) <= 40;
  }
}
