using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>A class of characters by code point, and how the framework's engine, which sees UTF-16, is told of it.</summary>
internal sealed class CodePointSet
{
    private const int LastOfPlane0 = 0xFFFF;
    private const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];

    public CodePointSet Add(int first, int last)
    {
        _ranges.Add((first, last));
        return this;
    }

    public CodePointSet Add(CodePointSet other)
    {
        _ranges.AddRange(other._ranges);
        return this;
    }

    public CodePointSet Complement()
    {
        CodePointSet complement = new();
        int next = 0;
        foreach ((int first, int last) in InOrder())
        {
            if (first > next) complement.Add(next, first - 1);
            next = Math.Max(next, last + 1);
        }
        return next > Last ? complement : complement.Add(next, Last);
    }

    /// <param name="isNegated">Everything else; other than <see cref="Complement"/> it may stand within <c>(?i:…)</c>.</param>
    public string ToPattern(bool isNegated)
    {
        List<string> alternatives = [];
        StringBuilder plane0 = new();
        foreach ((int first, int last) in InOrder()) AppendOfPlane0(plane0, first, Math.Min(last, LastOfPlane0));
        if (isNegated) alternatives.Add($@"[^{plane0}\uD800-\uDFFF]");
        else if (plane0.Length > 0) alternatives.Add($"[{plane0}]");
        foreach ((int first, int last) in (isNegated ? Complement() : this).InOrder())
            if (last > LastOfPlane0) AddPairs(alternatives, Math.Max(first, LastOfPlane0 + 1), last);
        return alternatives.Count == 0 ? @"[^\s\S]" : $"(?:{string.Join('|', alternatives)})";
    }

    public static string Escape(int code) => code > LastOfPlane0
        ? $"(?:{Unit(char.ConvertFromUtf32(code)[0])}{Unit(char.ConvertFromUtf32(code)[1])})"
        : Unit((char)code);

    private static string Unit(char unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");

    private static void AppendOfPlane0(StringBuilder pattern, int first, int last)
    {
        if (first < 0xD800 && last > 0xDFFF)
        {
            AppendOfPlane0(pattern, first, 0xD7FF);
            AppendOfPlane0(pattern, 0xE000, last);
        }
        else if (first is >= 0xD800 and <= 0xDFFF) AppendIfAny(pattern, 0xE000, last);
        else AppendIfAny(pattern, first, last is >= 0xD800 and <= 0xDFFF ? 0xD7FF : last);
    }

    private static void AppendIfAny(StringBuilder pattern, int first, int last)
    {
        if (first <= last) pattern.Append(Unit((char)first)).Append('-').Append(Unit((char)last));
    }

    private static void AddPairs(List<string> alternatives, int first, int last)
    {
        string low = char.ConvertFromUtf32(first), high = char.ConvertFromUtf32(last);
        if (low[0] == high[0])
        {
            alternatives.Add($"{Unit(low[0])}[{Unit(low[1])}-{Unit(high[1])}]");
            return;
        }
        alternatives.Add($@"{Unit(low[0])}[{Unit(low[1])}-\uDFFF]");
        if (low[0] + 1 < high[0]) alternatives.Add($@"[{Unit((char)(low[0] + 1))}-{Unit((char)(high[0] - 1))}][\uDC00-\uDFFF]");
        alternatives.Add($@"{Unit(high[0])}[\uDC00-{Unit(high[1])}]");
    }

    private IEnumerable<(int First, int Last)> InOrder()
    {
        (int First, int Last)? open = null;
        foreach ((int first, int last) in _ranges.Order())
        {
            if (open is { } range && first <= range.Last + 1)
            {
                open = (range.First, Math.Max(range.Last, last));
                continue;
            }
            if (open is { } whole) yield return whole;
            open = (first, last);
        }
        if (open is { } rest) yield return rest;
    }
}
