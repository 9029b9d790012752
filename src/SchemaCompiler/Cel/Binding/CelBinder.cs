using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel.Evaluation;
using AuthzGraph.SchemaCompiler.Cel.Patterns;
using AuthzGraph.SchemaCompiler.Cel.Syntax;

namespace AuthzGraph.SchemaCompiler.Cel.Binding;

/// <summary>Tree → nodes: resolves names, checks types, and computes what is constant. Lists every error it finds.</summary>
internal sealed class CelBinder
{
    private readonly CelScope _scope;
    private readonly MacroBinder _macros;
    private readonly List<CelError> _errors = [];

    public CelBinder(ImmutableArray<CelVariable> variables)
    {
        _scope = new CelScope(variables);
        _macros = new MacroBinder(this, _scope);
    }

    public ImmutableArray<CelError> Errors => [.. _errors.OrderBy(error => error.Span.Start)];

    public CelScope Scope => _scope;

    public Bound Report(TextSpan span, string message, string? help = null)
    {
        if (_errors.Count < CelLimits.Errors) _errors.Add(new CelError(span, message, help));
        return Bound.Faulty;
    }

    public Bound Bind(CelSyntax syntax) => syntax switch
    {
        CelSyntax.Literal literal => Bound.Constant(literal.Value, TypeOf(literal.Value)),
        CelSyntax.Name name => Name(name.Text, name.Span),
        CelSyntax.Select select => Select(select),
        CelSyntax.Index index => Index(index),
        CelSyntax.Call call => _macros.TryBind(call) ?? Call(call),
        CelSyntax.Unary unary => Apply(unary.Operator == CelTokenKind.Not ? "!" : "-_", unary.Span, Bind(unary.Operand)),
        CelSyntax.Binary binary => Binary(binary),
        CelSyntax.Logical logical => Logical(logical),
        CelSyntax.Conditional conditional => Conditional(conditional),
        CelSyntax.List list => List(list),
        CelSyntax.Map map => Map(map),
        _ => Bound.Faulty,
    };

    /// <summary>A part that must be true or false.</summary>
    public Bound Test(CelSyntax syntax, string role)
    {
        Bound bound = Bind(syntax);
        return TypeRules.Fits(CelType.Bool, bound.Type) ? bound : Report(syntax.Span, $"{role} is {CelKinds.One(bound.Type)}, and must be a bool");
    }

    private static CelType TypeOf(in CelValue literal) => literal.Kind switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Double,
        CelKind.Bytes => CelType.Bytes,
        _ => CelType.String,
    };

    private Bound Name(string name, TextSpan span) =>
        _scope.Find(name) ?? Report(span, $"there is no parameter `{Quoted.Short(name)}`", Known());

    private string? Known() =>
        _scope.Names.Any() ? $"there is {string.Join(", ", _scope.Names.Take(20).Select(name => $"`{name}`"))}" : null;

    private Bound Select(CelSyntax.Select select)
    {
        if (QualifiedType(select) is { } type) return type;
        return Field(Bind(select.Operand), select);
    }

    /// <summary><c>google.protobuf.Timestamp</c> and its like are the only names with dots.</summary>
    private Bound? QualifiedType(CelSyntax.Select select) =>
        select is { Operand: CelSyntax.Select { Operand: CelSyntax.Name { Text: "google" } root, Field: "protobuf" } } && _scope.Find(root.Text) is null
            ? CelScope.FindType($"google.protobuf.{select.Field}")
            : null;

    private Bound Field(Bound operand, CelSyntax.Select select)
    {
        if (!TypeRules.Fits(TypeRules.AnyMap, operand.Type) || operand.Type is CelType.Map { Key: var key } && !TypeRules.Fits(key, CelType.String))
            return Report(select.Span, $"{CelKinds.One(operand.Type)} has no field `{Quoted.Short(select.Field)}`");
        Bound field = Bound.Constant(CelValue.Of(select.Field), CelType.String);
        CelType type = operand.Type is CelType.Map map ? map.Value : CelType.Any;
        return new Bound(new BinaryNode(Collections.Field, operand.Node, field.Node), type).Folded(operand);
    }

    private Bound Index(CelSyntax.Index index)
    {
        Bound operand = Bind(index.Operand), key = Bind(index.Key);
        Bound element = new(new BinaryNode(Collections.At, operand.Node, key.Node), CelType.Any);
        switch (operand.Type)
        {
            case CelType.List list when TypeRules.Fits(CelType.Int, key.Type) || key.Type == CelType.Uint:
                return (element with { Type = list.Element }).Folded(operand, key);
            case CelType.Map map when TypeRules.AreComparable(map.Key, key.Type):
                return (element with { Type = map.Value }).Folded(operand, key);
            case CelType.Anything:
                return element.Folded(operand, key);
            case CelType.List or CelType.Map:
                return Report(index.Key.Span, $"{CelKinds.One(key.Type)} cannot be an index of {CelKinds.One(operand.Type)}");
            default:
                return Report(index.Span, $"{CelKinds.One(operand.Type)} has no elements");
        }
    }

    private Bound Binary(CelSyntax.Binary binary)
    {
        Bound left = Bind(binary.Left), right = Bind(binary.Right);
        switch (binary.Operator)
        {
            case CelTokenKind.Equal: return Equality(Comparison.Equal, binary, left, right);
            case CelTokenKind.NotEqual: return Equality(Comparison.NotEqual, binary, left, right);
            case CelTokenKind.In: return In(binary, left, right);
            default:
                Bound result = Apply(Precedence.TextOf(binary.Operator), binary.OperatorSpan, left, right);
                bool areLists = left.Type is CelType.List && right.Type is CelType.List;
                return areLists ? result with { Type = TypeRules.Join(left.Type, right.Type) } : result;
        }
    }

    private Bound Equality(CelOperation operation, CelSyntax.Binary binary, Bound left, Bound right) => TypeRules.AreComparable(left.Type, right.Type)
        ? new Bound(new BinaryNode(operation, left.Node, right.Node), CelType.Bool).Folded(left, right)
        : Report(binary.OperatorSpan, $"{CelKinds.One(left.Type)} never equals {CelKinds.One(right.Type)}");

    private Bound In(CelSyntax.Binary binary, Bound element, Bound collection)
    {
        CelType? within = collection.Type switch
        {
            CelType.List list => list.Element,
            CelType.Map map => map.Key,
            CelType.Anything => CelType.Any,
            _ => null,
        };
        if (within is null) return Report(binary.Right.Span, $"{CelKinds.One(collection.Type)} has no elements");
        if (!TypeRules.AreComparable(within, element.Type))
            return Report(binary.OperatorSpan, $"{CelKinds.One(element.Type)} is never in {CelKinds.One(collection.Type)}");
        return new Bound(new BinaryNode(Collections.In, element.Node, collection.Node), CelType.Bool).Folded(element, collection);
    }

    private Bound Logical(CelSyntax.Logical logical)
    {
        bool isOr = logical.Operator == CelTokenKind.Or;
        CelNode[] operands = [.. logical.Operands.Select(operand => Test(operand, $"a side of `{(isOr ? "||" : "&&")}`").Node)];
        return new Bound(new LogicalNode(isOr, operands), CelType.Bool);
    }

    private Bound Conditional(CelSyntax.Conditional conditional)
    {
        Bound condition = Test(conditional.Condition, "what stands before `?`");
        Bound then = Bind(conditional.Then), otherwise = Bind(conditional.Else);
        if (!TypeRules.Fits(then.Type, otherwise.Type))
        {
            string sides = $"one side of `:` is {CelKinds.One(then.Type)} and the other {CelKinds.One(otherwise.Type)}";
            return Report(conditional.Else.Span, sides, "`dyn(…)` around one allows it");
        }
        return new Bound(new ConditionalNode(condition.Node, then.Node, otherwise.Node), TypeRules.Join(then.Type, otherwise.Type));
    }

    private Bound List(CelSyntax.List list)
    {
        Bound[] items = [.. list.Items.Select(Bind)];
        CelType element = items.Length == 0 ? CelType.Any : items.Select(item => item.Type).Aggregate(TypeRules.Join);
        return new Bound(new ListNode([.. items.Select(item => item.Node)]), CelType.ListOf(element)).Folded(items);
    }

    private Bound Map(CelSyntax.Map map)
    {
        Bound[] keys = [.. map.Keys.Select(Key)], values = [.. map.Values.Select(Bind)];
        MapNode node = new([.. keys.Select(key => key.Node)], [.. values.Select(value => value.Node)]);
        CelType key = keys.Length == 0 ? CelType.Any : keys.Select(part => part.Type).Aggregate(TypeRules.Join);
        CelType value = values.Length == 0 ? CelType.Any : values.Select(part => part.Type).Aggregate(TypeRules.Join);
        return new Bound(node, new CelType.Map(key, value)).Folded([.. keys, .. values]);
    }

    private Bound Key(CelSyntax syntax)
    {
        Bound key = Bind(syntax);
        bool canBe = key.Type is CelType.Anything or CelType.Scalar { Kind: CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Bool };
        return canBe ? key : Report(syntax.Span, $"{CelKinds.One(key.Type)} cannot be a key of a map");
    }

    private Bound Call(CelSyntax.Call call)
    {
        Bound[] arguments = [.. call.Target is null ? [] : new[] { Bind(call.Target) }, .. call.Arguments.Select(Bind)];
        if (call.Function == "matches" && arguments.Length == 2) return Matches(call, arguments[0], arguments[1]);
        CelFunction? function = CelFunctionTable.Find(call.Function, call.Target is not null);
        return function is null ? UnknownFunction(call) : Apply(function, call.Function, call.FunctionSpan, arguments);
    }

    private Bound UnknownFunction(CelSyntax.Call call)
    {
        bool isMethod = call.Target is not null;
        string name = Quoted.Short(call.Function);
        return Report(call.FunctionSpan, $"there is no {(isMethod ? "method" : "function")} `{name}`", OtherForm(call.Function, isMethod));
    }

    /// <summary>How a function is really called that was called as a method, or the other way round.</summary>
    private static string? OtherForm(string function, bool isMethod)
    {
        if (function == "matches") return "it is `text.matches(pattern)`";
        if (CelFunctionTable.Find(function, !isMethod) is not null) return isMethod ? $"it is `{function}(…)`" : $"it is `value.{function}(…)`";
        if (function == "has") return "it is `has(value.field)`";
        return MacroBinder.IsMacro(function) ? $"it is `values.{function}(x, …)`" : null;
    }

    private Bound Matches(CelSyntax.Call call, Bound text, Bound pattern)
    {
        if (!TypeRules.Fits(CelType.String, text.Type) || !TypeRules.Fits(CelType.String, pattern.Type))
            return Report(call.FunctionSpan, NotDefined("matches", text, pattern));
        if (pattern.Node is not ConstantNode { Value: { Kind: CelKind.String } source })
            return new Bound(new ComputedMatchNode(text.Node, pattern.Node), CelType.Bool);
        return CelPattern.TryParse(source.AsString, out string problem) is { } parsed
            ? new Bound(new MatchNode(text.Node, parsed), CelType.Bool).Folded(text)
            : Report(call.FunctionSpan, problem);
    }

    private Bound Apply(string @operator, TextSpan span, params Bound[] operands) =>
        CelFunctionTable.Find(@operator, isMethod: false) is { } function
            ? Apply(function, @operator == "-_" ? "-" : @operator, span, operands)
            : Bound.Faulty;

    private Bound Apply(CelFunction function, string name, TextSpan span, Bound[] arguments)
    {
        CelType[] results = [.. function.Signatures.Where(signature => Takes(signature, arguments)).Select(signature => signature.Result).Distinct()];
        if (results.Length == 0) return Report(span, NotDefined(name, arguments));
        CelNode node = arguments.Length == 1
            ? new UnaryNode(function.Operation, arguments[0].Node)
            : new BinaryNode(function.Operation, arguments[0].Node, arguments[1].Node);
        return new Bound(node, results.Length == 1 ? results[0] : CelType.Any).Folded(arguments);
    }

    private static bool Takes(CelSignature signature, Bound[] arguments)
    {
        if (signature.Parameters.Length != arguments.Length) return false;
        for (int i = 0; i < arguments.Length; i++)
            if (!TypeRules.Fits(signature.Parameters[i], arguments[i].Type)) return false;
        return true;
    }

    private static string NotDefined(string name, params Bound[] arguments) =>
        $"`{name}` is not defined for {(arguments.Length == 0 ? "nothing" : string.Join(" and ", arguments.Select(argument => argument.Type)))}";
}
