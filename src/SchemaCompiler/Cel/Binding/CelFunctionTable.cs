using System.Collections.Frozen;
using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel.Binding;

/// <summary>A name, what it computes, and the types it takes. A method's first parameter is what stands before the dot.</summary>
internal sealed record CelFunction(string Name, bool IsMethod, CelOperation Operation, ImmutableArray<CelSignature> Signatures);

internal sealed record CelSignature(CelType Result, ImmutableArray<CelType> Parameters);

/// <summary>Every function and operator there is, besides equality, <c>in</c>, <c>[]</c>, logic and macros, which the binder knows.</summary>
internal static class CelFunctionTable
{
    private static readonly CelType[] Ordered =
        [CelType.Bool, CelType.String, CelType.Bytes, CelType.Duration, CelType.Timestamp];

    private static readonly FrozenDictionary<(string, bool), CelFunction> Functions =
        All().ToFrozenDictionary(function => (function.Name, function.IsMethod));

    public static CelFunction? Find(string name, bool isMethod) => Functions.GetValueOrDefault((name, isMethod));

    private static IEnumerable<CelFunction> All() => [.. Operators(), .. Conversions(), .. OfTexts(), .. OfCollections(), .. OfTimes()];

    private static IEnumerable<CelFunction> Operators()
    {
        CelSignature[] whole = [Two(CelType.Int), Two(CelType.Uint)];
        CelSignature[] numbers = [.. whole, Two(CelType.Double)];
        CelSignature instant = Of(CelType.Timestamp, CelType.Timestamp, CelType.Duration);
        yield return Operator("+", Arithmetic.Add, [.. numbers, Two(CelType.String), Two(CelType.Bytes), Two(TypeRules.AnyList),
            Two(CelType.Duration), instant, Of(CelType.Timestamp, CelType.Duration, CelType.Timestamp)]);
        yield return Operator("-", Arithmetic.Subtract, [.. numbers, Two(CelType.Duration), instant,
            Of(CelType.Duration, CelType.Timestamp, CelType.Timestamp)]);
        yield return Operator("*", Arithmetic.Multiply, numbers);
        yield return Operator("/", Arithmetic.Divide, numbers);
        yield return Operator("%", Arithmetic.Remainder, whole);
        yield return Operator("-_", Arithmetic.Negate, [Of(CelType.Int, CelType.Int), Of(CelType.Double, CelType.Double)]);
        yield return Operator("!", Arithmetic.Not, [Of(CelType.Bool, CelType.Bool)]);

        CelType[] kinds = [CelType.Int, CelType.Uint, CelType.Double];
        CelSignature[] order = [.. from left in kinds from right in kinds select Of(CelType.Bool, left, right),
            .. Ordered.Select(type => Of(CelType.Bool, type, type))];
        yield return Operator("<", Comparison.Less, order);
        yield return Operator("<=", Comparison.LessOrEqual, order);
        yield return Operator(">", Comparison.Greater, order);
        yield return Operator(">=", Comparison.GreaterOrEqual, order);
    }

    private static IEnumerable<CelFunction> Conversions()
    {
        yield return Conversion("int", CelType.Int, Evaluation.Conversions.ToInt, CelType.Uint, CelType.Double, CelType.String, CelType.Timestamp);
        yield return Conversion("uint", CelType.Uint, Evaluation.Conversions.ToUint, CelType.Int, CelType.Double, CelType.String);
        yield return Conversion("double", CelType.Double, Evaluation.Conversions.ToDouble, CelType.Int, CelType.Uint, CelType.String);
        yield return Conversion("bool", CelType.Bool, Evaluation.Conversions.ToBool, CelType.String);
        yield return Conversion("bytes", CelType.Bytes, Evaluation.Conversions.ToBytes, CelType.String);
        yield return Conversion("timestamp", CelType.Timestamp, Evaluation.Conversions.ToTimestamp, CelType.String, CelType.Int);
        yield return Conversion("duration", CelType.Duration, Evaluation.Conversions.ToDuration, CelType.String);
        yield return Conversion("string", CelType.String, Evaluation.Conversions.ToText, CelType.Bool, CelType.Int, CelType.Uint, CelType.Double,
            CelType.Bytes, CelType.Timestamp, CelType.Duration, CelType.IpAddress);
        yield return new CelFunction("type", false, Evaluation.Conversions.TypeOf, [Of(CelType.Type, CelType.Any)]);
        yield return new CelFunction("dyn", false, Evaluation.Conversions.Same, [Of(CelType.Any, CelType.Any)]);
    }

    private static IEnumerable<CelFunction> OfTexts()
    {
        ImmutableArray<CelSignature> test = [Of(CelType.Bool, CelType.String, CelType.String)];
        yield return new CelFunction("contains", true, Texts.Contains, test);
        yield return new CelFunction("startsWith", true, Texts.StartsWith, test);
        yield return new CelFunction("endsWith", true, Texts.EndsWith, test);
        yield return new CelFunction("in_cidr", true, CelIpAddress.InCidr, [Of(CelType.Bool, CelType.IpAddress, CelType.String)]);
    }

    private static IEnumerable<CelFunction> OfCollections()
    {
        ImmutableArray<CelSignature> sizes = [.. new[] { CelType.String, CelType.Bytes, TypeRules.AnyList, TypeRules.AnyMap }
            .Select(type => Of(CelType.Int, type))];
        yield return new CelFunction("size", false, Collections.Size, sizes);
        yield return new CelFunction("size", true, Collections.Size, sizes);
        yield return new CelFunction("isSubtreeOf", true, Collections.IsSubtreeOf, [Of(CelType.Bool, TypeRules.AnyMap, TypeRules.AnyMap)]);
    }

    private static IEnumerable<CelFunction> OfTimes()
    {
        CelSignature[] calendar = [Of(CelType.Int, CelType.Timestamp), Of(CelType.Int, CelType.Timestamp, CelType.String)];
        CelSignature[] clock = [.. calendar, Of(CelType.Int, CelType.Duration)];
        yield return Field("getFullYear", TimeFields.Year, calendar);
        yield return Field("getMonth", TimeFields.Month, calendar);
        yield return Field("getDate", TimeFields.Date, calendar);
        yield return Field("getDayOfMonth", TimeFields.DayOfMonth, calendar);
        yield return Field("getDayOfWeek", TimeFields.DayOfWeek, calendar);
        yield return Field("getDayOfYear", TimeFields.DayOfYear, calendar);
        yield return Field("getHours", TimeFields.Hours, clock);
        yield return Field("getMinutes", TimeFields.Minutes, clock);
        yield return Field("getSeconds", TimeFields.Seconds, clock);
        yield return Field("getMilliseconds", TimeFields.Milliseconds, clock);
    }

    private static CelFunction Operator(string name, CelOperation operation, params CelSignature[] signatures) => new(name, false, operation, [.. signatures]);

    private static CelFunction Field(string name, CelOperation operation, CelSignature[] signatures) => new(name, true, operation, [.. signatures]);

    private static CelFunction Conversion(string name, CelType result, CelOperation operation, params CelType[] from) =>
        new(name, false, operation, [Of(result, result), .. from.Select(type => Of(result, type))]);

    private static CelSignature Two(CelType type) => Of(type, type, type);

    private static CelSignature Of(CelType result, params CelType[] parameters) => new(result, [.. parameters]);
}
