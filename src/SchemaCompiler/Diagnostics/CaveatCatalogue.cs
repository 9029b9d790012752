using static AuthzGraph.SchemaCompiler.Diagnostics.Catalogue;
using static AuthzGraph.SchemaCompiler.Severity;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>AZ05: what is said about caveats; AZ06: about partials.</summary>
internal static class CaveatCatalogue
{
    public static Diagnostic InvalidExpression(TextSpan at, string message, string? help) =>
        New("AZ0501", Error, at, message, help);

    public static Diagnostic NotBoolean(TextSpan at, string type) =>
        New("AZ0502", Error, at, $"the expression gives `{Shorten(type)}`, and a caveat gives `bool`");

    public static Diagnostic UnusedParameter(TextSpan at, string name) =>
        New("AZ0503", Error, at, $"the expression does not use `{Shorten(name)}`", "use it or remove it");

    public static Diagnostic DuplicateParameter(TextSpan at, string name) =>
        New("AZ0504", Error, at, $"there is already a parameter `{Shorten(name)}`");

    public static Diagnostic UnknownParameterType(TextSpan at, string type, string help) =>
        New("AZ0505", Error, at, $"`{Shorten(type)}` is not a type of a parameter", help);

    public static Diagnostic ParameterCount(TextSpan at, string caveat, int count) =>
        New("AZ0506", Error, at, $"`{Shorten(caveat)}` has {count:N0} parameters, and a caveat has 1 to {CompilerLimits.Parameters}");

    public static Diagnostic InvalidCaveatName(TextSpan at, string name) =>
        New("AZ0507", Error, at, $"`{Shorten(name)}` is not a valid name of a caveat", "a–z, A–Z, 0–9, _ and `/`; 128 at most in all");

    public static Diagnostic MissingCaveat(TextSpan at, string name, string? nearest) =>
        New("AZ0508", Error, at, $"there is no caveat `{Shorten(name)}`", DidYouMean(nearest));

    public static Diagnostic CaveatTooLong(TextSpan at, string name) =>
        New("AZ0509", Error, at, $"the expression of `{Shorten(name)}` has more than {CompilerLimits.CaveatBytes:N0} bytes",
            "make two caveats of it, or hand over a value computed outside; white space and comments are not counted");

    /// <param name="file">Where the other stands; null: in the same file.</param>
    public static Diagnostic SharedName(TextSpan at, string name, string other, string? file) =>
        New("AZ0510", Error, at, $"there is already a {other} `{Shorten(name)}`",
            OtherIn(file) ?? "definitions, caveats and partials share their names");

    public static Diagnostic UnusedCaveat(TextSpan at, string name) =>
        New("AZ0550", Warning, at, $"no relation uses the caveat `{Shorten(name)}`",
            $"write `with {Shorten(name)}` behind a subject type of a relation, or remove the caveat");

    // AZ06: partials; imports are in ImportCatalogue

    public static Diagnostic MissingPartial(TextSpan at, string name, string? nearest) =>
        New("AZ0601", Error, at, $"there is no partial `{Shorten(name)}`", DidYouMean(nearest));

    public static Diagnostic CircularPartial(TextSpan at, string name, string circle) =>
        New("AZ0602", Error, at, $"the partial `{Shorten(name)}` contains itself: {circle}");

    public static Diagnostic SplatClash(TextSpan at, string partial, string member) =>
        New("AZ0603", Error, at, $"`...{Shorten(partial)}` brings `{Shorten(member)}`, which is there already");

    public static Diagnostic PartialsNestTooDeep(TextSpan at) =>
        New("AZ0604", Error, at, $"partials contain each other more than {CompilerLimits.Nesting} deep");
}
