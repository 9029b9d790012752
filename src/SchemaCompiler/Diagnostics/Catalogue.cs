using System.Globalization;
using System.Text;
using AuthzGraph.SchemaCompiler.Syntax;
using static AuthzGraph.SchemaCompiler.Severity;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>
/// Everything the compiler can say, one method each. A code keeps its meaning for ever; docs/language.md explains each.
/// AZ00 limits · AZ01 reading the text · AZ02 names and types · AZ03 permissions · AZ04 delegation · AZ05 caveats ·
/// AZ06 partials and imports · x50 and above: warnings. AZ0107 said "not supported yet" and is never used again.
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

    public static Diagnostic UnknownFlag(TextSpan at, string flag, string? nearest) =>
        New("AZ0108", Error, at, $"`{Shorten(flag)}` is not something to `use`",
            DidYouMean(nearest) ?? $"there are {string.Join(", ", Words.Flags.Select(word => $"`use {word}`"))}");

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

    public static Diagnostic CaveatAfterExpiration(TextSpan at) =>
        New("AZ0115", Error, at, "the caveat comes before `expiration`", "write `with … and expiration`");

    public static Diagnostic NeedsUse(TextSpan at, string word, string flag) =>
        New("AZ0116", Error, at, $"`{word}` needs `use {flag}`", $"begin the schema with `use {flag}`");

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

    /// <param name="file">Where the other stands; null: in the same file.</param>
    public static Diagnostic DuplicateDefinition(TextSpan at, string name, string? file) =>
        New("AZ0205", Error, at, $"there is already a definition `{Shorten(name)}`", OtherIn(file));

    public static Diagnostic DuplicateMember(TextSpan at, string type, string name) =>
        New("AZ0206", Error, at, $"`{Shorten(type)}` already has a relation or permission `{Shorten(name)}`");

    public static Diagnostic DuplicateType(TextSpan at, string reference) =>
        New("AZ0207", Error, at, $"`{Shorten(reference)}` is listed twice", "remove one of them");

    public static Diagnostic TransitiveWildcard(TextSpan at, string userset, string wildcard) =>
        New("AZ0208", Error, at,
            $"`{Shorten(userset)}` may hold the wildcard `{Shorten(wildcard)}`, which does not carry over to other relations",
            "list the wildcard here instead, or leave it out there");

    public static Diagnostic NameRepeatsType(TextSpan at, string member, string type) =>
        New("AZ0250", Warning, at, $"`{Shorten(member)}` repeats the name of its definition `{Shorten(type)}`", "leave it out")
            with { SpiceDbName = "relation-name-references-parent" };

    public static Diagnostic UnusedRelation(TextSpan at, string relation) =>
        New("AZ0251", Warning, at, $"no permission uses the relation `{Shorten(relation)}`",
            "name it in a permission or remove it; if it is asked for directly, write `// spicedb-ignore-warning: AZ0251` above it");

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

    public static Diagnostic TypeNotListed(TextSpan at, string permission, string type) =>
        New("AZ0306", Error, at, $"subjects of `{Shorten(permission)}` can be of the type `{Shorten(type)}`, which is not listed",
            $"write `| {Shorten(type)}` before the `=`, or find out how it gets there");

    public static Diagnostic ArrowToNowhere(TextSpan at, string relation, string target, string? nearest) =>
        New("AZ0350", Warning, at,
            $"nothing `{Shorten(relation)}` may hold has a relation or permission `{Shorten(target)}`, so the arrow grants nothing",
            DidYouMean(nearest)) with { SpiceDbName = "arrow-references-unreachable-relation" };

    public static Diagnostic ReferencesItself(TextSpan at, string permission) =>
        New("AZ0351", Warning, at, $"`{Shorten(permission)}` names itself, which adds nobody")
            with { SpiceDbName = "permission-references-itself" };

    public static Diagnostic ArrowFromUserset(TextSpan at, string relation, string userset, string type) =>
        New("AZ0352", Warning, at,
            $"`{Shorten(relation)}` may hold the userset `{Shorten(userset)}`, of which an arrow takes only the `{Shorten(type)}`",
            "for who is in the userset, name the relation without an arrow") with { SpiceDbName = "arrow-walks-subject-relation" };

    public static Diagnostic ArrowToRelation(TextSpan at, string type, string relation) =>
        New("AZ0353", Warning, at, $"the arrow points at the relation `{Shorten(relation)}` of `{Shorten(type)}`, not at a permission",
            $"make a permission of `{Shorten(type)}` for it, which can change later without this definition")
            with { SpiceDbName = "arrow-references-relation" };

    public static Diagnostic MixedOperators(TextSpan at, string inner, string outer) =>
        New("AZ0354", Warning, at, $"`{inner}` binds tighter than `{outer}` here, which readers may not expect",
            "write parentheses around what belongs together");

    public static Diagnostic NoCommonType(TextSpan at, string permission, string one, string other) =>
        New("AZ0355", Warning, at, $"nobody can ever have `{Shorten(permission)}`: of an `&`, one part holds {one} and another {other}",
            "for what is in one of the parts, write `+`");

    public static Diagnostic NilAlways(TextSpan at, string permission) =>
        New("AZ0356", Warning, at, $"nobody can ever have `{Shorten(permission)}`: `nil` leaves nobody",
            "leave `nil` out, or write it alone for a permission that is nobody's");

    public static Diagnostic OnlyLeadsBack(TextSpan at, string permission) =>
        New("AZ0357", Warning, at, $"nobody can ever have `{Shorten(permission)}`: what it names only leads back, and never to a subject",
            "add a relation that holds subjects, as `viewer` in `viewer + parent->view`");

    /// <summary>A piece of the author's text, short enough for a message.</summary>
    public static string Shorten(string text) =>
        text.Length <= CompilerLimits.Quoted ? text : $"{text[..CompilerLimits.Quoted]}…";

    private static string Visible(string character) =>
        Rune.TryGetRuneAt(character, 0, out Rune rune) && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format
            ? character
            : $"U+{(int)character[0]:X4}";

    internal static string? OtherIn(string? file) => file is null ? null : $"the other one stands in `{Shorten(file)}`";

    internal static string? DidYouMean(string? nearest) => nearest is null ? null : $"did you mean `{Shorten(nearest)}`?";

    internal static Diagnostic New(string code, Severity severity, TextSpan at, string message, string? help = null) =>
        new(code, severity, at, message, help) { Position = default };
}
