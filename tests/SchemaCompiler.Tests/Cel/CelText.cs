using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>Expressions as text in, results as text out.</summary>
internal static class CelText
{
    /// <summary>Parameters as a caveat lists them: <c>amount int, tags list&lt;string&gt;</c>.</summary>
    public static ImmutableArray<CelVariable> Variables(string list) => list.Length == 0
        ? []
        : [.. list.Split(", ").Select(parameter => new CelVariable(parameter.Split(' ')[0], TypeOf(parameter.Split(' ')[1])))];

    public static CelType TypeOf(string text) =>
        text.StartsWith("list<") ? CelType.ListOf(TypeOf(text[5..^1]))
        : text.StartsWith("map<") ? CelType.MapOf(TypeOf(text[4..^1]))
        : CelType.Named(text) ?? throw new ArgumentException($"no type {text}");

    public static CelProgram Compile(string expression, string parameters = "")
    {
        CelCompilation compilation = CelCompiler.Compile(expression, Variables(parameters));
        return compilation.Program ?? throw new ArgumentException($"{expression}: {string.Join("; ", compilation.Errors)}");
    }

    /// <summary>The errors, one on a line, without their help.</summary>
    public static string Errors(string expression, string parameters = "") =>
        string.Join('\n', CelCompiler.Compile(expression, Variables(parameters)).Errors.Select(error => $"{error.Span.Start}: {error.Message}"));

    /// <summary>A value as CEL, <c>missing a, b</c>, or <c>error: …</c>.</summary>
    public static string Evaluate(string expression, string parameters = "", string context = "{}", int? steps = null)
    {
        CelProgram program = Compile(expression, parameters);
        return Show(program, program.Evaluate(Bind(program, context), steps is { } limit ? new CelLimits(limit) : CelLimits.Default));
    }

    public static CelBindings Bind(CelProgram program, string context) =>
        CelBindings.TryParse(program.Variables, context, CelUnknownNames.Reject, out CelBindings bindings, out string problem)
            ? bindings : throw new ArgumentException(problem);

    public static string Show(CelProgram program, CelResult result)
    {
        if (result.Outcome != CelOutcome.Missing) return result.ToString();
        string[] names = new string[result.Missing.Count];
        Assert.Equal(names.Length, result.Missing.CopyNames(program.Variables, names));
        return $"missing {string.Join(", ", names)}";
    }
}
