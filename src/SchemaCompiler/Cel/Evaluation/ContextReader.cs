using System.Collections.Immutable;
using System.Text.Json;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>JSON → values by type. Every method that fails leaves what is wrong in <c>problem</c>.</summary>
internal sealed class ContextReader(ImmutableArray<CelVariable> variables, CelUnknownNames unknown)
{
    public CelValue[] Values { get; } = new CelValue[variables.Length];

    public bool TryRead(JsonElement context, out string problem)
    {
        problem = context.ValueKind == JsonValueKind.Object ? "" : "a context is a JSON object";
        if (problem.Length > 0) return false;
        try
        {
            foreach (JsonProperty property in context.EnumerateObject())
            {
                problem = Read(property);
                if (problem.Length > 0) return false;
            }
            return true;
        }
        catch (InvalidOperationException)
        {
            problem = "a string of the context has half a surrogate pair";
            return false;
        }
    }

    private string Read(JsonProperty property)
    {
        int variable = NumberOf(property.Name);
        if (variable < 0) return unknown == CelUnknownNames.Ignore ? "" : $"there is no parameter `{Syntax.Quoted.Short(property.Name)}`";
        string name = variables[variable].Name;
        if (Values[variable].Kind != CelKind.Absent) return $"parameter `{name}` is given twice";
        Values[variable] = JsonValues.Read(property.Value, variables[variable].Type, 1);
        return Values[variable].Kind == CelKind.Error ? $"parameter `{name}`: {Values[variable].AsError}" : "";
    }

    private int NumberOf(string name)
    {
        for (int i = 0; i < variables.Length; i++)
            if (variables[i].Name == name) return i;
        return -1;
    }
}

/// <summary>One JSON value → a value of a type, or an error value.</summary>
internal static class JsonValues
{
    public static CelValue Read(JsonElement json, CelType type, int depth)
    {
        if (depth > CelLimits.ContextNesting) return CelValue.Error($"this nests deeper than {CelLimits.ContextNesting}");
        return type switch
        {
            CelType.List list when json.ValueKind == JsonValueKind.Array => List(json, list.Element, depth),
            CelType.Map map when json.ValueKind == JsonValueKind.Object => Map(json, map.Value, depth),
            CelType.Anything => Any(json, depth),
            CelType.Scalar scalar => Scalar(json, scalar.Kind) is { Kind: not CelKind.Error } value ? value : Unfit(json, type),
            _ => Unfit(json, type),
        };
    }

    private static CelValue Any(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.Object => Map(json, CelType.Any, depth),
        JsonValueKind.Array => List(json, CelType.Any, depth),
        JsonValueKind.String => CelValue.Of(json.GetString() ?? ""),
        JsonValueKind.Number => Number(json) is { } number && double.IsFinite(number) ? CelValue.Of(number) : Unfit(json, CelType.Double),
        JsonValueKind.True => CelValue.True,
        JsonValueKind.False => CelValue.False,
        _ => CelValue.Null,
    };

    private static CelValue List(JsonElement json, CelType element, int depth)
    {
        CelValue[] items = new CelValue[json.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in json.EnumerateArray())
        {
            CelValue value = Read(item, element, depth + 1);
            if (value.Kind == CelKind.Error) return value;
            items[count++] = value;
        }
        return CelValue.Of(new CelList(items));
    }

    private static CelValue Map(JsonElement json, CelType type, int depth)
    {
        CelMap map = new(4);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            CelValue value = Read(property.Value, type, depth + 1);
            if (value.Kind == CelKind.Error) return value;
            if (!map.TryAdd(CelValue.Of(property.Name), value))
                return CelValue.Error($"the key `{Syntax.Quoted.Short(property.Name)}` is there twice");
        }
        return CelValue.Of(map);
    }

    private static CelValue Scalar(JsonElement json, CelKind kind)
    {
        CelFrame unlimited = new() { Steps = long.MaxValue };
        bool isText = json.ValueKind == JsonValueKind.String;
        CelValue text = isText ? CelValue.Of(json.GetString() ?? "") : default;
        return kind switch
        {
            CelKind.Bool when json.ValueKind is JsonValueKind.True or JsonValueKind.False => CelValue.Of(json.GetBoolean()),
            CelKind.String when isText => text,
            CelKind.Int when isText => Conversions.ToInt(ref unlimited, text, default),
            CelKind.Uint when isText => Conversions.ToUint(ref unlimited, text, default),
            CelKind.Double when isText => Conversions.ToDouble(ref unlimited, text, default),
            CelKind.Timestamp when isText => Conversions.ToTimestamp(ref unlimited, text, default),
            CelKind.Duration when isText => Conversions.ToDuration(ref unlimited, text, default),
            CelKind.Bytes when isText && json.TryGetBytesFromBase64(out byte[]? bytes) => CelValue.Of(bytes),
            CelKind.IpAddress when isText && CelIpAddress.TryParse(text.AsString, out UInt128 bits) => CelValue.Of(new CelIpAddress(bits)),
            CelKind.Int when Number(json) is { } number => Whole(json, number),
            CelKind.Uint when Number(json) is { } number => WholeUint(json, number),
            CelKind.Double when Number(json) is { } number && double.IsFinite(number) => CelValue.Of(number),
            _ => CelValue.Error(""),
        };
    }

    private static double? Number(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double number) ? number : null;

    /// <summary>The digits themselves where they are whole; <c>1e3</c> and <c>2.0</c> are whole too.</summary>
    private static CelValue Whole(JsonElement json, double number)
    {
        if (json.TryGetInt64(out long exact)) return CelValue.Of(exact);
        return Numbers.TryToInt(number, out long whole) ? CelValue.Of(whole) : CelValue.Error("");
    }

    private static CelValue WholeUint(JsonElement json, double number)
    {
        if (json.TryGetUInt64(out ulong exact)) return CelValue.Of(exact);
        return Numbers.TryToUint(number, out ulong whole) ? CelValue.Of(whole) : CelValue.Error("");
    }

    private static CelValue Unfit(JsonElement json, CelType type)
    {
        string shown = json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => $"`{Syntax.Quoted.Short(json.GetRawText())}`",
        };
        return CelValue.Error($"{shown} does not fit type {type}");
    }
}
