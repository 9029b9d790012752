namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>Lists and maps: <c>in</c>, <c>[]</c>, fields, <c>size</c>, <c>isSubtreeOf</c>.</summary>
internal static class Collections
{
    public static CelValue In(ref CelFrame frame, in CelValue element, in CelValue collection) => collection.Kind switch
    {
        CelKind.List => Contains(ref frame, collection.AsList, element),
        CelKind.Map => CelValue.Of(collection.AsMap.TryGet(element, out _)),
        _ => Errors.NotDefined("in", element, collection),
    };

    public static CelValue At(ref CelFrame frame, in CelValue collection, in CelValue index) => collection.Kind switch
    {
        CelKind.List => At(collection.AsList, index),
        CelKind.Map => collection.AsMap.TryGet(index, out CelValue value) ? value : NoKey(index),
        _ => Errors.NotDefined("[]", collection, index),
    };

    /// <summary><c>map.field</c></summary>
    public static CelValue Field(ref CelFrame frame, in CelValue map, in CelValue field)
    {
        if (map.Kind != CelKind.Map) return CelValue.Error($"{CelKinds.OneOf(map.Kind)} has no fields");
        return map.AsMap.TryGet(field, out CelValue value) ? value : NoKey(field);
    }

    public static CelValue Size(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.String => CelValue.Of(CodePoints(value.AsString)),
        CelKind.Bytes => CelValue.Of((long)value.AsBytes.Length),
        CelKind.List => CelValue.Of((long)value.AsList.Count),
        CelKind.Map => CelValue.Of((long)value.AsMap.Count),
        _ => Errors.NotDefined("size", value),
    };

    /// <summary>Every entry of the first is in the second; where both have a map, the same holds for these.</summary>
    public static CelValue IsSubtreeOf(ref CelFrame frame, in CelValue part, in CelValue whole) =>
        part.Kind == CelKind.Map && whole.Kind == CelKind.Map
            ? CelValue.Of(IsSubtree(ref frame, part.AsMap, whole.AsMap))
            : Errors.NotDefined("isSubtreeOf", part, whole);

    private static bool IsSubtree(ref CelFrame frame, CelMap part, CelMap whole)
    {
        for (int i = 0; i < part.Count; i++)
        {
            CelValue key = part.KeyAt(i);
            if (!frame.Charge(1) || !part.TryGet(key, out CelValue own) || !whole.TryGet(key, out CelValue other)) return false;
            bool holds = own.Kind == CelKind.Map && other.Kind == CelKind.Map
                ? IsSubtree(ref frame, own.AsMap, other.AsMap)
                : Comparison.AreEqual(ref frame, own, other);
            if (!holds) return false;
        }
        return true;
    }

    private static CelValue Contains(ref CelFrame frame, CelList list, in CelValue element)
    {
        foreach (ref readonly CelValue item in list.Items)
        {
            if (!frame.Charge(1)) return CelFrame.Exhausted;
            if (Comparison.AreEqual(ref frame, item, element)) return CelValue.True;
        }
        return CelValue.False;
    }

    private static CelValue At(CelList list, in CelValue index)
    {
        long at = -1;
        bool isWhole = index.Kind switch
        {
            CelKind.Int => (at = index.AsInt) is var _,
            CelKind.Uint => (at = (long)Math.Min(index.AsUint, long.MaxValue)) is var _,
            CelKind.Double => Numbers.TryToInt(index.AsDouble, out at),
            _ => false,
        };
        if (!isWhole) return CelValue.Error($"a list has no element at {CelKinds.OneOf(index.Kind)} such as this");
        return at >= 0 && at < list.Count ? list.Items[(int)at] : CelValue.Error($"a list of {list.Count} has no element {at}");
    }

    private static CelValue NoKey(in CelValue key) =>
        CelValue.Error(key.Kind == CelKind.String ? $"a map has no key `{Syntax.Quoted.Short(key.AsString)}`" : "a map has no such key");

    private static long CodePoints(string text)
    {
        long count = text.Length;
        foreach (char unit in text)
            if (char.IsLowSurrogate(unit)) count--;
        return count;
    }
}
