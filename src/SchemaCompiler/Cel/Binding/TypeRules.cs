namespace AuthzGraph.SchemaCompiler.Cel.Binding;

/// <summary>Which types go together. <c>any</c> goes with all of them; what it really is, is seen when evaluated.</summary>
internal static class TypeRules
{
    public static CelType AnyList { get; } = CelType.ListOf(CelType.Any);

    public static CelType AnyMap { get; } = new CelType.Map(CelType.Any, CelType.Any);

    public static bool IsNumber(CelType type) => type == CelType.Int || type == CelType.Uint || type == CelType.Double;

    /// <summary>Whether a value of one may stand where the other is asked for.</summary>
    public static bool Fits(CelType wanted, CelType given) => (wanted, given) switch
    {
        (CelType.Anything, _) or (_, CelType.Anything) => true,
        (CelType.List left, CelType.List right) => Fits(left.Element, right.Element),
        (CelType.Map left, CelType.Map right) => Fits(left.Key, right.Key) && Fits(left.Value, right.Value),
        _ => wanted == given,
    };

    /// <summary>Whether the two could be equal: numbers of all kinds could, and null and what is no plain value.</summary>
    public static bool AreComparable(CelType left, CelType right) => (left, right) switch
    {
        (CelType.List first, CelType.List second) => AreComparable(first.Element, second.Element),
        (CelType.Map first, CelType.Map second) => AreComparable(first.Key, second.Key) && AreComparable(first.Value, second.Value),
        _ when left == CelType.Null || right == CelType.Null => MayBeNull(left) && MayBeNull(right),
        _ => Fits(left, right) || (IsNumber(left) && IsNumber(right)),
    };

    /// <summary>The type of what may be one or the other.</summary>
    public static CelType Join(CelType left, CelType right) => (left, right) switch
    {
        _ when left == right => left,
        (CelType.List first, CelType.List second) => CelType.ListOf(Join(first.Element, second.Element)),
        (CelType.Map first, CelType.Map second) => new CelType.Map(Join(first.Key, second.Key), Join(first.Value, second.Value)),
        _ => CelType.Any,
    };

    private static bool MayBeNull(CelType type) =>
        type is not CelType.Scalar || type == CelType.Null || type == CelType.Timestamp || type == CelType.Duration;
}
