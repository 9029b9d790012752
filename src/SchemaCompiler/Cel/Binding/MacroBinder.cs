using AuthzGraph.SchemaCompiler.Cel.Evaluation;
using AuthzGraph.SchemaCompiler.Cel.Syntax;

namespace AuthzGraph.SchemaCompiler.Cel.Binding;

/// <summary>Calls whose arguments are not values: <c>has all exists exists_one map filter</c>.</summary>
internal sealed class MacroBinder(CelBinder binder, CelScope scope)
{
    public static bool IsMacro(string name) => name is "has" or "all" or "exists" or "exists_one" or "map" or "filter";

    /// <summary>Null when the call is none of a macro.</summary>
    public Bound? TryBind(CelSyntax.Call call) => (call.Function, call.Target, call.Arguments.Length) switch
    {
        ("has", null, 1) => Has(call),
        ("all" or "exists" or "exists_one" or "filter" or "map", { } range, 2) => Comprehension(call, range),
        ("map", { } range, 3) => Comprehension(call, range),
        _ => null,
    };

    private Bound Has(CelSyntax.Call call)
    {
        if (call.Arguments[0] is not CelSyntax.Select select)
            return binder.Report(call.Arguments[0].Span, "`has` asks for a field", "write `has(value.field)`");
        Bound operand = binder.Bind(select.Operand);
        if (!TypeRules.Fits(TypeRules.AnyMap, operand.Type)) return binder.Report(select.Span, $"{CelKinds.One(operand.Type)} has no fields");
        return new Bound(new HasNode(operand.Node, CelValue.Of(select.Field)), CelType.Bool).Folded(operand);
    }

    private Bound Comprehension(CelSyntax.Call call, CelSyntax target)
    {
        Bound range = binder.Bind(target);
        if (call.Arguments[0] is not CelSyntax.Name variable)
            return binder.Report(call.Arguments[0].Span, $"`{call.Function}` needs a name for each element first");
        CelType? element = range.Type switch
        {
            CelType.List list => list.Element,
            CelType.Map map => map.Key,
            CelType.Anything => CelType.Any,
            _ => null,
        };
        if (element is null) return binder.Report(target.Span, $"{CelKinds.One(range.Type)} has no elements");
        int local = scope.Open(variable.Text, element);
        if (local < 0) return binder.Report(call.FunctionSpan, $"macros nest deeper than {CelLimits.Comprehensions}");
        Bound bound = Body(call, range, element, local);
        scope.Close();
        return bound;
    }

    private Bound Body(CelSyntax.Call call, Bound range, CelType element, int local)
    {
        if (call.Function == "map") return Map(call, range, local);
        CelNode predicate = binder.Test(call.Arguments[1], $"the test of `{call.Function}`").Node;
        return call.Function switch
        {
            "all" => new Bound(new QuantifierNode(false, range.Node, local, predicate), CelType.Bool),
            "exists" => new Bound(new QuantifierNode(true, range.Node, local, predicate), CelType.Bool),
            "exists_one" => new Bound(new ExistsOneNode(range.Node, local, predicate), CelType.Bool),
            _ => new Bound(new TransformNode(range.Node, local, predicate, null), CelType.ListOf(element)),
        };
    }

    private Bound Map(CelSyntax.Call call, Bound range, int local)
    {
        CelNode? predicate = call.Arguments.Length == 3 ? binder.Test(call.Arguments[1], "the test of `map`").Node : null;
        Bound transform = binder.Bind(call.Arguments[^1]);
        return new Bound(new TransformNode(range.Node, local, predicate, transform.Node), CelType.ListOf(transform.Type));
    }
}
