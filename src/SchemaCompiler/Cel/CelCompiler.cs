using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel.Binding;
using AuthzGraph.SchemaCompiler.Cel.Syntax;

namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>
/// The Common Expression Language (github.com/google/cel-spec) as caveats use it: no messages, no namespaces, no optional values; besides
/// CEL's own functions <c>ipaddress.in_cidr(string)</c> and <c>map.isSubtreeOf(map)</c>.
/// </summary>
public static class CelCompiler
{
    /// <summary>Parses and checks an expression, in time linear in its length. Never throws.</summary>
    /// <param name="variables">At most <see cref="CelLimits.Variables"/>; of two with one name the first counts.</param>
    public static CelCompilation Compile(string source, ImmutableArray<CelVariable> variables)
    {
        if (variables.IsDefault) variables = [];
        if (source.Length > CelLimits.SourceCharacters)
            return Failed(new CelError(new TextSpan(0, source.Length), $"an expression has at most {CelLimits.SourceCharacters} characters"));
        if (variables.Length > CelLimits.Variables)
            return Failed(new CelError(new TextSpan(0, 0), $"an expression has at most {CelLimits.Variables} parameters"));
        CelSyntax tree = CelParser.Parse(source, out CelError? error);
        if (error is not null) return Failed(error);

        CelBinder binder = new(variables);
        Bound whole = binder.Bind(tree);
        ImmutableArray<CelError> errors = binder.Errors;
        if (!errors.IsEmpty) return new CelCompilation(null, errors);
        return new CelCompilation(new CelProgram(whole.Node, whole.Type, variables, binder.Scope.Used, binder.Scope.LocalCount), []);
    }

    private static CelCompilation Failed(CelError error) => new(null, [error]);
}
