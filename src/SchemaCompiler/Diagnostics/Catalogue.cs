using System.Globalization;
using System.Text;
using AuthzGraph.SchemaCompiler.Syntax;
using static AuthzGraph.SchemaCompiler.Severity;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>
/// Everything the compiler can say, one method each. A code keeps its meaning for ever; docs/language.md explains each.
/// AZ00 limits · AZ01 reading the text · AZ02 names and types · AZ03 permissions · AZ04 delegation · x50 and above: warnings.
/// </summary>
internal static class Catalogue
{
    // AZ00: limits

    public static Diagnostic TextTooLong(TextSpan at, int bytes, int limit) =>
        New("AZ0001", Error, at, $"the schema has {bytes:N0} bytes, more than the limit of {limit:N0}");

    public static Diagnostic TooManyIds(TextSpan at, string what) =>
        New("AZ0002", Error, at, $"the schema has more than {CompilerLimits.Ids:N0} {what}");

    public static Diagnostic NestsTooDeep(TextSpan at) =>
        New("AZ0003", Error, at, $"the expression nests more than {CompilerLimits.Nesting} deep",
            "name a part of it as a permission of its own; `a - b - c` can be written `a - (b + c)`");

    public static Diagnostic TooManyErrors(TextSpan at, int errors) =>
        New("AZ0004", Error, at, $"{errors:N0} errors were found, of which the first {CompilerLimits.Listed} are listed");

    // AZ01: reading the text

    public static Diagnostic UnexpectedCharacter(TextSpan at, string character) =>
        New("AZ0101", Error, at, $"the character `{Visible(character)}` means nothing here");

    public static Diagnostic CommentNotClosed(TextSpan at) =>
        New("AZ0102", Error, at, "the comment is not closed", "close it with `*/`");

    public static Diagnostic StringNotClosed(TextSpan at) =>
        New("AZ0103", Error, at, "the string is not closed", "close it with the quotes it began with");

    public static Diagnostic Expected(TextSpan at, string what, string found) =>
        New("AZ0104", Error, at, $"expected {what}, found {found}");

    public static Diagnostic ExpectedDefinition(TextSpan at, string found, string? nearest) =>
        New("AZ0105", Error, at, $"expected `definition` or `use`, found `{Shorten(found)}`", DidYouMean(nearest));

    public static Diagnostic ExpectedMember(TextSpan at, string found, string? nearest) =>
        New("AZ0106", Error, at, $"expected `relation` or `permission`, found `{Shorten(found)}`", DidYouMean(nearest));

    public static Diagnostic NotSupportedYet(TextSpan at, string what) =>
        New("AZ0107", Error, at, $"not supported yet: {what}");

    public static Diagnostic UnknownFlag(TextSpan at, string flag, string? nearest) =>
        New("AZ0108", Error, at, $"`{Shorten(flag)}` is not something to `use`",
            DidYouMean(nearest) ?? "there are `use delegation`, `use expiration` and `use self`");

    public static Diagnostic UseAfterDefinition(TextSpan at) =>
        New("AZ0109", Error, at, "`use` stands before every definition", "move it to the top");

    public static Diagnostic KeywordAsName(TextSpan at, string word) =>
        New("AZ0110", Error, at, $"`{word}` is a keyword and cannot be a name");

    public static Diagnostic ExpectedEndOfMember(TextSpan at, string found) =>
        New("AZ0111", Error, at, $"expected the end of the line or `;`, found `{Shorten(found)}`",
            "to go on in the next line, end the line above with the operator");

    public static Diagnostic UnknownArrowFunction(TextSpan at, string function) =>
        New("AZ0112", Error, at, $"expected `any` or `all`, found `{Shorten(function)}`");

    public static Diagnostic NeedsUseExpiration(TextSpan at) =>
        New("AZ0113", Error, at, "`with expiration` needs `use expiration`", "begin the schema with `use expiration`");

    public static Diagnostic NeedsUseDelegation(TextSpan at, string word) =>
        New("AZ0114", Error, at, $"`{word}` means something only after `use delegation`",
            "begin the schema with `use delegation`, or write `relation` or `permission` first");

    // AZ02: names and types

    public static Diagnostic MissingDefinition(TextSpan at, string name, string? nearest) =>
        New("AZ0201", Error, at, $"there is no definition `{Shorten(name)}`", DidYouMean(nearest));

    public static Diagnostic MissingMember(TextSpan at, string type, string name, string? nearest) =>
        New("AZ0202", Error, at, $"`{Shorten(type)}` has no relation or permission `{Shorten(name)}`",
            name == Words.Self ? "for the object itself, begin the schema with `use self`" : DidYouMean(nearest));

    public static Diagnostic InvalidTypeName(TextSpan at, string name) =>
        New("AZ0203", Error, at, $"`{Shorten(name)}` is not a valid name of a definition",
            "parts of 3 to 64 of a–z, 0–9 and _, from a letter to a letter or digit, joined by `/`; 128 at most in all");

    public static Diagnostic InvalidMemberName(TextSpan at, string name) =>
        New("AZ0204", Error, at, $"`{Shorten(name)}` is not a valid name of a relation or permission",
            "3 to 64 of a–z, 0–9 and _, from a letter to a letter or digit");

    public static Diagnostic DuplicateDefinition(TextSpan at, string name) =>
        New("AZ0205", Error, at, $"there is already a definition `{Shorten(name)}`");

    public static Diagnostic DuplicateMember(TextSpan at, string type, string name) =>
        New("AZ0206", Error, at, $"`{Shorten(type)}` already has a relation or permission `{Shorten(name)}`");

    public static Diagnostic DuplicateType(TextSpan at, string reference) =>
        New("AZ0207", Error, at, $"`{Shorten(reference)}` is listed twice", "remove one of them");

    public static Diagnostic TransitiveWildcard(TextSpan at, string userset, string wildcard) =>
        New("AZ0208", Error, at,
            $"`{Shorten(userset)}` may hold the wildcard `{Shorten(wildcard)}`, which does not carry over to other relations",
            "list the wildcard here instead, or leave it out there");

    // AZ03: permissions

    public static Diagnostic PermissionLeftOfArrow(TextSpan at, string name) =>
        New("AZ0301", Error, at, $"`{Shorten(name)}` is a permission, and an arrow walks from a relation");

    public static Diagnostic WildcardLeftOfArrow(TextSpan at, string relation, string wildcard) =>
        New("AZ0302", Error, at,
            $"`{Shorten(relation)}` may hold the wildcard `{Shorten(wildcard)}`, from which no arrow can walk",
            "make a relation without wildcard for the arrow");

    public static Diagnostic NestedArrow(TextSpan at) =>
        New("AZ0303", Error, at, "an arrow cannot walk from an arrow",
            "name the second step as a permission of the first step's definition, and point the arrow at that");

    public static Diagnostic NoRelationLeftOfArrow(TextSpan at) =>
        New("AZ0304", Error, at, "an arrow walks from one relation of this definition, named directly");

    public static Diagnostic AliasCycle(TextSpan at, string permission, string cycle) =>
        New("AZ0305", Error, at, $"`{Shorten(permission)}` is only another name of itself: {cycle}");

    public static Diagnostic ArrowToNowhere(TextSpan at, string relation, string target, string? nearest) =>
        New("AZ0350", Warning, at,
            $"nothing `{Shorten(relation)}` may hold has a relation or permission `{Shorten(target)}`, so the arrow grants nothing",
            DidYouMean(nearest));

    public static Diagnostic ReferencesItself(TextSpan at, string permission) =>
        New("AZ0351", Warning, at, $"`{Shorten(permission)}` names itself, which adds nobody");

    // AZ04: delegation

    public static Diagnostic SecondRole(TextSpan at, string second, string first) =>
        New("AZ0401", Error, at,
            $"`{second}` after `{first}`: a definition has one of `principal`, `task` and `delegation`, once");

    public static Diagnostic UnknownPrincipalKind(TextSpan at, string kind, string? nearest) =>
        New("AZ0402", Error, at, $"expected `human`, `agent` or `service`, found `{Shorten(kind)}`", DidYouMean(nearest));

    public static Diagnostic UnknownDomain(TextSpan at, string domain, string? nearest) =>
        New("AZ0403", Error, at, $"expected `application`, `infrastructure`, `data` or `ai`, found `{Shorten(domain)}`", DidYouMean(nearest));

    public static Diagnostic SecondDomain(TextSpan at) =>
        New("AZ0404", Error, at, "a definition has one `domain`");

    public static Diagnostic MissingRoleRelation(TextSpan at, string role, string relation) =>
        New("AZ0405", Error, at, $"{role} needs a relation `{relation}`");

    public static Diagnostic RoleNameIsPermission(TextSpan at, string role, string name) =>
        New("AZ0406", Error, at, $"`{name}` of {role} is a relation one writes, not a permission");

    public static Diagnostic WrongTypeInRole(TextSpan at, string name, string expected, string type) =>
        New("AZ0407", Error, at, $"`{name}` holds {expected}, and `{Shorten(type)}` is none");

    public static Diagnostic NotAPlainObject(TextSpan at, string name, string found) =>
        New("AZ0408", Error, at, $"`{Shorten(name)}` holds plain objects, not {found}");

    public static Diagnostic ExpirationNotAllowed(TextSpan at, string name) =>
        New("AZ0409", Error, at, $"`{Shorten(name)}` cannot expire", "leave out `with expiration`");

    public static Diagnostic WithinNamesPermission(TextSpan at, string name) =>
        New("AZ0410", Error, at, $"`{Shorten(name)}` is a permission, and `within` follows relations");

    public static Diagnostic NothingToLend(TextSpan at, string permission, string type, string? nearest) =>
        New("AZ0411", Error, at,
            $"neither `{Shorten(type)}` nor what is within it has a permission `{Shorten(permission)}` to lend",
            DidYouMean(nearest));

    public static Diagnostic InvalidHops(TextSpan at, string number) =>
        New("AZ0412", Error, at, $"`{Shorten(number)}` is not a number of hops", "write a whole number from 1 up");

    public static Diagnostic InvalidDuration(TextSpan at, string duration) =>
        New("AZ0413", Error, at, $"`{Shorten(duration)}` is not a duration",
            "write a number from 1 up and one of s, m, h and d: `90s`, `10m`, `8h`, `30d`; 100 years at most");

    public static Diagnostic TooManyApprovals(TextSpan at, string member) =>
        New("AZ0414", Error, at, $"`{Shorten(member)}` asks for more than {CompilerLimits.Approvals} approvals",
            "make one permission of several, and ask for that");

    public static Diagnostic StandingPrivilege(TextSpan at, string relation, string type) =>
        New("AZ0450", Warning, at,
            $"`{Shorten(relation)}` admits the agent `{Shorten(type)}` without end: a standing privilege",
            $"write `{Shorten(type)} with expiration`, or lend it through a delegation");

    public static Diagnostic LentButClosed(TextSpan at, string permission, string type) =>
        New("AZ0451", Warning, at,
            $"`{Shorten(permission)}` is delegable neither on `{Shorten(type)}` nor on what is within it, so lending it has no effect",
            $"write `delegable {Shorten(permission)}` where it may be exercised through a delegation");

    /// <summary>A piece of the author's text, short enough for a message.</summary>
    public static string Shorten(string text) =>
        text.Length <= CompilerLimits.Quoted ? text : $"{text[..CompilerLimits.Quoted]}…";

    private static string Visible(string character) =>
        Rune.TryGetRuneAt(character, 0, out Rune rune) && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format
            ? character
            : $"U+{(int)character[0]:X4}";

    private static string? DidYouMean(string? nearest) => nearest is null ? null : $"did you mean `{Shorten(nearest)}`?";

    private static Diagnostic New(string code, Severity severity, TextSpan at, string message, string? help = null) =>
        new(code, severity, at, message, help) { Position = default };
}
