using System.Collections.Immutable;
using System.Text;
using AuthzGraph.SchemaCompiler.Cel;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Compiles the expressions of caveats against their parameters.</summary>
internal sealed class CaveatBinder(Symbols symbols, DiagnosticBag diagnostics)
{
    public void Bind()
    {
        foreach (CaveatSymbol caveat in symbols.Caveats) Bind(caveat);
    }

    private void Bind(CaveatSymbol caveat)
    {
        CaveatSyntax syntax = caveat.Syntax;
        if (!IsName(caveat.Name)) diagnostics.Add(CaveatCatalogue.InvalidCaveatName(syntax.Name.Span, caveat.Name));
        if (syntax.IsIncomplete) return;
        if (syntax.Parameters.Length is 0 or > CompilerLimits.Parameters)
        {
            diagnostics.Add(CaveatCatalogue.ParameterCount(syntax.Name.Span, caveat.Name, syntax.Parameters.Length));
            return;
        }
        if (Parameters(syntax) is not { } parameters || string.IsNullOrWhiteSpace(syntax.Body.Text)) return;
        if (IsTooLong(caveat)) diagnostics.Add(CaveatCatalogue.CaveatTooLong(syntax.Name.Span, caveat.Name));
        else if (Compile(syntax, parameters) is { } program)
            caveat.Compiled = new Caveat(caveat.Id, caveat.Name, parameters, syntax.Body.Text.Trim(), program);
    }

    public static bool IsName(string name) => Encoding.UTF8.GetByteCount(name) <= CompilerLimits.CaveatNameBytes
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/');

    /// <summary>Null when one of them was refused.</summary>
    private ImmutableArray<CelVariable>? Parameters(CaveatSyntax syntax)
    {
        var parameters = ImmutableArray.CreateBuilder<CelVariable>();
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ParameterSyntax parameter in syntax.Parameters)
        {
            if (parameter.Name.IsMissing) continue;
            if (!names.Add(parameter.Name.Text))
                diagnostics.Add(CaveatCatalogue.DuplicateParameter(parameter.Name.Span, parameter.Name.Text));
            else if (Type(parameter.Type) is { } type) parameters.Add(new CelVariable(parameter.Name.Text, type));
        }
        return parameters.Count == syntax.Parameters.Length ? parameters.ToImmutable() : null;
    }

    private CelType? Type(ParameterTypeSyntax syntax)
    {
        if (syntax.Word.IsMissing) return null;
        bool isGeneric = ParameterTypes.Generic.Contains(syntax.Word.Text);
        if (isGeneric && syntax.Child is { } child)
            return Type(child) is not { } element ? null
                : syntax.Word.Text == ParameterTypes.List ? CelType.ListOf(element) : CelType.MapOf(element);
        if (!isGeneric && syntax.Child is null && CelType.Named(syntax.Word.Text) is { } type) return type;
        diagnostics.Add(WhyNoType(syntax, isGeneric));
        return null;
    }

    private Diagnostic WhyNoType(ParameterTypeSyntax syntax, bool isGeneric)
    {
        string word = syntax.Word.Text;
        if (isGeneric) return CaveatCatalogue.UnknownParameterType(syntax.Span, word, $"write what it holds: `{word}<string>`");
        if (CelType.Named(word) is not null) return CaveatCatalogue.UnknownParameterType(syntax.Span, $"{word}<…>", $"`{word}` alone is one");
        string? nearest = diagnostics.Nearest(word, ParameterTypes.All);
        return CaveatCatalogue.UnknownParameterType(syntax.Span, word, nearest is null ? ParameterTypes.Help : $"did you mean `{nearest}`?");
    }

    /// <summary>SpiceDB bounds the compiled form; the text without what is not in that form is never longer.</summary>
    private static bool IsTooLong(CaveatSymbol caveat)
    {
        string text = caveat.Syntax.Body.Text;
        return text.Length > CelLimits.SourceCharacters || CelText.SignificantBytes(text) > CompilerLimits.CaveatBytes;
    }

    private CelProgram? Compile(CaveatSyntax syntax, ImmutableArray<CelVariable> parameters)
    {
        int start = syntax.Body.Span.Start;
        CelCompilation compilation = CelCompiler.Compile(syntax.Body.Text, parameters);
        foreach (CelError error in compilation.Errors)
            diagnostics.Add(CaveatCatalogue.InvalidExpression(error.Span with { Start = start + error.Span.Start }, error.Message, error.Help));
        if (compilation.Program is not { } program) return null;
        if (program.Type != CelType.Bool && program.Type != CelType.Any)
            diagnostics.Add(CaveatCatalogue.NotBoolean(CelText.Trimmed(syntax.Body), program.Type.ToString()));
        if (syntax.Body.Text.AsSpan().Trim() is "true") return program;      // it tests nothing: its parameters are what is stored with an edge
        for (int i = 0; i < parameters.Length; i++)
            if (!program.Used.Contains(i))
                diagnostics.Add(CaveatCatalogue.UnusedParameter(syntax.Parameters[i].Name.Span, parameters[i].Name));
        return program;
    }
}

/// <summary>The words a parameter's type is made of.</summary>
internal static class ParameterTypes
{
    public const string List = "list", Map = "map";
    public const string Help =
        "there are any, bool, string, int, uint, double, bytes, duration, timestamp, ipaddress, list<…> and map<…>";

    public static readonly string[] Generic = [List, Map];

    public static readonly string[] All =
        ["any", "bool", "string", "int", "uint", "double", "bytes", "duration", "timestamp", "ipaddress", List, Map];
}
