using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Wire;
using AuthzGraph.Server.Wire.Checks;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests.Wire;

/// <summary>A check read where it lies is the check that generated code reads.</summary>
public sealed class CheckFieldsTests(ITestOutputHelper output)
{
    private const int Rounds = 20_000;

    private static readonly string[] Texts = ["", "document", "user", "readme", "view", "*", "group/eng", "ümlaut", "日本", "no#id", "X", new('a', 70), "a b"];

    private readonly CheckNames _names = new();

    [Fact]
    public void A_check_is_read_as_generated_code_reads_it()
    {
        (Random random, int seed) = Seeded();
        for (int i = 0; i < Rounds; i++) Compare(Request(random).ToByteArray(), seed);
    }

    [Fact]
    public void Bytes_that_are_no_check_are_refused_as_generated_code_refuses_them()
    {
        (Random random, int seed) = Seeded();
        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = [.. Request(random).ToByteArray(), .. random.Next(4) == 0 ? Request(random).ToByteArray() : []];
            for (int changes = random.Next(3); changes > 0 && bytes.Length > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Compare(bytes[..random.Next(bytes.Length + 1)], seed);
        }
    }

    [Fact]
    public void A_name_that_came_before_is_the_same_string()
    {
        byte[] question = new CheckRequest { Resource = new() { Type = "document", Id = "readme" }, Permission = "view", Subject = new() { Object = new() { Type = "user", Id = "ann" } } }.ToByteArray();
        CheckQuestion first = new CheckFields(question).ToQuestion(_names), second = new CheckFields(question).ToQuestion(_names);
        Assert.Equal(first, second);
        Assert.Same(first.Resource.Id, second.Resource.Id);
        Assert.Same(first.Subject.Object.Type, second.Subject.Object.Type);
    }

    private void Compare(byte[] bytes, int seed)
    {
        string expected = Said(() => Generated(bytes)), found = Said(() => new CheckFields(bytes).ToQuestion(_names));
        // generated code replaces what is not UTF-8, and passes over groups, which proto3 has not
        if (found.Contains("not UTF-8", StringComparison.Ordinal) || found.Contains("proto3 has not", StringComparison.Ordinal)) return;
        if (found.StartsWith("malformed", StringComparison.Ordinal)) found = "malformed";
        Assert.True(expected == found, $"seed {seed}: {Convert.ToHexString(bytes)}: expected {expected}, found {found}");
    }

    private static CheckQuestion Generated(byte[] bytes)
    {
        _ = CheckRequest.Parser.ParseFrom(bytes);       // a batch's item has not all its fields
        return CheckBatchItem.Parser.ParseFrom(bytes).ToQuestion();
    }

    private static string Said(Func<CheckQuestion> read)
    {
        try
        {
            return read().ToString();
        }
        catch (RejectionException rejection)
        {
            return rejection.Message;
        }
        catch (InvalidProtocolBufferException)
        {
            return "malformed";
        }
        catch (InvalidDataException e)
        {
            return $"malformed: {e.Message}";
        }
    }

    private (Random, int) Seeded()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        return (new Random(seed), seed);
    }

    private static CheckRequest Request(Random random) => new()
    {
        Resource = Maybe(random, Object),
        Permission = Text(random),
        Subject = Maybe(random, random => new SubjectReference { Object = Maybe(random, Object), Relation = random.Next(3) == 0 ? Text(random) : "" }),
        Acting = random.Next(3) > 0 ? null : new Protocol.V1.Acting { Delegation = Maybe(random, Object), OnBehalfOf = Maybe(random, Object), Task = Maybe(random, Object) },
        Consistency = random.Next(3) > 0 ? null : new Consistency { AtLeastAsFresh = Text(random) },
        Context = random.Next(3) > 0 ? null : new Struct { Fields = { [Text(random)] = Value.ForString(Text(random)) } },
        Explain = random.Next(2) == 0,
        SeekRemedies = random.Next(2) == 0,
    };

    private static ObjectReference Object(Random random) => new() { Type = random.Next(3) > 0 ? "document" : Text(random), Id = Text(random) };

    private static T? Maybe<T>(Random random, Func<Random, T> make) where T : class => random.Next(8) == 0 ? null : make(random);

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];
}
