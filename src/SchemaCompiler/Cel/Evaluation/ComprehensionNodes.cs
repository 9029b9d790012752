namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>A macro over the elements of a list or the keys of a map, each in turn in one local variable.</summary>
internal abstract class ComprehensionNode(CelNode range, int local) : CelNode
{
    public sealed override CelValue Evaluate(ref CelFrame frame)
    {
        CelValue over = range.Evaluate(ref frame);
        if (over.IsAbnormal) return over;
        return over.Kind is CelKind.List or CelKind.Map
            ? Over(new Elements(over), ref frame)
            : CelValue.Error($"{CelKinds.OneOf(over.Kind)} has no elements");
    }

    protected abstract CelValue Over(Elements elements, ref CelFrame frame);

    /// <summary>Evaluates a part of the macro for one element, and counts the step.</summary>
    protected CelValue Part(CelNode part, in CelValue element, ref CelFrame frame)
    {
        if (!frame.Charge(1)) return CelFrame.Exhausted;
        frame.Locals[local] = element;
        return part.Evaluate(ref frame);
    }

    protected readonly ref struct Elements
    {
        private readonly ReadOnlySpan<CelValue> _items;
        private readonly CelMap _map;

        public Elements(CelValue over)
        {
            _items = over.AsList.Items;
            _map = over.AsMap;
            Count = over.Kind == CelKind.List ? _items.Length : _map.Count;
        }

        public int Count { get; }

        public CelValue this[int index] => index < _items.Length ? _items[index] : _map.KeyAt(index);
    }
}

/// <summary><c>all</c>, or with <paramref name="decisive"/> true <c>exists</c>.</summary>
internal sealed class QuantifierNode(bool decisive, CelNode range, int local, CelNode predicate) : ComprehensionNode(range, local)
{
    protected override CelValue Over(Elements elements, ref CelFrame frame)
    {
        CelValue open = default;
        for (int i = 0; i < elements.Count && !frame.IsExhausted; i++)
        {
            CelValue value = Part(predicate, elements[i], ref frame);
            if (value.Kind != CelKind.Bool) open = LogicalNode.Join(open, value);
            else if (value.AsBool == decisive) return value;
        }
        return open.Kind == CelKind.Absent ? CelValue.Of(!decisive) : open;
    }
}

/// <summary><c>exists_one</c>: strict, it looks at every element.</summary>
internal sealed class ExistsOneNode(CelNode range, int local, CelNode predicate) : ComprehensionNode(range, local)
{
    protected override CelValue Over(Elements elements, ref CelFrame frame)
    {
        CelValue open = default;
        int found = 0;
        for (int i = 0; i < elements.Count && !frame.IsExhausted; i++)
        {
            CelValue value = Part(predicate, elements[i], ref frame);
            if (value.Kind != CelKind.Bool) open = LogicalNode.Join(open, value);
            else if (value.AsBool) found++;
        }
        return open.Kind == CelKind.Absent ? CelValue.Of(found == 1) : open;
    }
}

/// <summary><c>filter(x, p)</c>, <c>map(x, f)</c> and <c>map(x, p, f)</c>: strict, one error or missing variable is that of the whole.</summary>
internal sealed class TransformNode(CelNode range, int local, CelNode? predicate, CelNode? transform) : ComprehensionNode(range, local)
{
    protected override CelValue Over(Elements elements, ref CelFrame frame)
    {
        List<CelValue> results = [];
        CelValue open = default;
        for (int i = 0; i < elements.Count && !frame.IsExhausted; i++)
        {
            CelValue keep = predicate is null ? CelValue.True : Part(predicate, elements[i], ref frame);
            if (keep.IsFalse) continue;
            if (!keep.IsTrue)
            {
                open = LogicalNode.Join(open, keep);
                continue;
            }
            CelValue result = transform is null ? elements[i] : Part(transform, elements[i], ref frame);
            if (result.IsAbnormal) open = LogicalNode.Join(open, result);
            else results.Add(result);
        }
        return open.Kind == CelKind.Absent ? CelValue.Of(new CelList([.. results])) : open;
    }
}
