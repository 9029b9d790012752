using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>
/// Everything the translation of OpenFGA models can say, one method each. A code keeps its meaning for ever; docs/openfga.md lists them.
/// AZ090 reading the model · AZ091 what is not there, or twice · AZ092 what has no counterpart.
/// </summary>
internal static class FgaCatalogue
{
    public static Diagnostic TextTooLong(TextSpan at, int bytes, int limit) =>
        New("AZ0900", at, $"the model has {bytes:N0} bytes, more than the limit of {limit:N0}");

    public static Diagnostic UnexpectedCharacter(TextSpan at, string character) =>
        Catalogue.UnexpectedCharacter(at, character) with { Code = "AZ0901" };

    public static Diagnostic Expected(TextSpan at, string what, string found) =>
        New("AZ0902", at, $"expected {what}, found {found}");

    public static Diagnostic ConditionNotClosed(TextSpan at) =>
        New("AZ0903", at, "the condition is not closed", "close it with `}`");

    public static Diagnostic NestsTooDeep(TextSpan at) =>
        New("AZ0904", at, $"the expression nests more than {CompilerLimits.Nesting} deep", "name a part of it as a relation of its own");

    public static Diagnostic MixedOperators(TextSpan at, string second, string first) =>
        New("AZ0905", at, $"`{second}` after `{first}` without parentheses", "say with parentheses which comes first, as OpenFGA asks");

    public static Diagnostic SecondTypeList(TextSpan at, string relation) =>
        New("AZ0906", at, $"`{Catalogue.Shorten(relation)}` lists its types twice", "list them all in one pair of brackets");

    public static Diagnostic MissingType(TextSpan at, string name, string? nearest) =>
        New("AZ0910", at, $"there is no type `{Catalogue.Shorten(name)}`", DidYouMean(nearest));

    public static Diagnostic MissingRelation(TextSpan at, string type, string name, string? nearest) =>
        New("AZ0911", at, $"`{Catalogue.Shorten(type)}` has no relation `{Catalogue.Shorten(name)}`", DidYouMean(nearest));

    public static Diagnostic MissingCondition(TextSpan at, string name, string? nearest) =>
        New("AZ0912", at, $"there is no condition `{Catalogue.Shorten(name)}`", DidYouMean(nearest));

    public static Diagnostic Duplicate(TextSpan at, string what, string name) =>
        New("AZ0913", at, $"there is already a {what} `{Catalogue.Shorten(name)}`");

    public static Diagnostic UnknownParameterType(TextSpan at, string type, string? nearest) =>
        New("AZ0914", at, $"`{Catalogue.Shorten(type)}` is no type of a parameter", DidYouMean(nearest));

    public static Diagnostic FromNowhere(TextSpan at, string relation, string tupleset, string? nearest) =>
        New("AZ0915", at, $"nothing `{Catalogue.Shorten(tupleset)}` may hold has a relation `{Catalogue.Shorten(relation)}`", DidYouMean(nearest));

    public static Diagnostic Version(TextSpan at, string version) =>
        New("AZ0920", at, $"models of version `{Catalogue.Shorten(version)}` do not translate", "there are `schema 1.1` and `schema 1.2`");

    public static Diagnostic Modules(TextSpan at, string word) =>
        New("AZ0921", at, $"`{word}` belongs to modules, which do not translate", "translate the whole model that the modules make");

    public static Diagnostic FromComputed(TextSpan at, string tupleset) =>
        New("AZ0922", at, $"`{Catalogue.Shorten(tupleset)}` is computed, and an arrow walks only from what is written",
            "write a relation of types alone, and name that after `from`");

    public static Diagnostic FromMany(TextSpan at, string tupleset, string type) =>
        New("AZ0923", at, $"`{Catalogue.Shorten(tupleset)}` may hold `{Catalogue.Shorten(type)}`, and an arrow walks only from single objects",
            "name a relation after `from` that lists neither usersets nor wildcards");

    public static Diagnostic DoesNotCompile(TextSpan at, Diagnostic why) =>
        New("AZ0929", at, $"the translation of this does not compile: {why.Code}, {why.Message}", why.Help);

    private static string? DidYouMean(string? nearest) => nearest is null ? null : $"did you mean `{Catalogue.Shorten(nearest)}`?";

    private static Diagnostic New(string code, TextSpan at, string message, string? help = null) =>
        new(code, Severity.Error, at, message, help) { Position = default };
}
